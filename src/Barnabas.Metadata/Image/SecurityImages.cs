using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>The access control entries, by id and by what they say. Immutable.</summary>
public sealed class AclsImage
{
    internal AclsImage(ImmutableDictionary<Uuid, AccessControlEntryRecord> entries, ImmutableDictionary<AclBinding, Uuid> byBinding)
    {
        Entries = entries;
        ByBinding = byBinding;
    }

    /// <summary>The image without entries.</summary>
    public static AclsImage Empty { get; } = new(ImmutableDictionary<Uuid, AccessControlEntryRecord>.Empty, ImmutableDictionary<AclBinding, Uuid>.Empty);

    /// <summary>The entries as their records say them; the records must not be changed.</summary>
    public ImmutableDictionary<Uuid, AccessControlEntryRecord> Entries { get; }

    /// <summary>The entries with their ids.</summary>
    public ImmutableDictionary<AclBinding, Uuid> ByBinding { get; }

    internal static AccessControlEntryRecord Record(Uuid id, AclBinding binding) => new()
    {
        Id = id,
        ResourceType = (sbyte)binding.ResourceType,
        ResourceName = binding.ResourceName,
        PatternType = (sbyte)binding.PatternType,
        Principal = binding.Principal,
        Host = binding.Host,
        Operation = (sbyte)binding.Operation,
        PermissionType = (sbyte)binding.PermissionType,
    };

    internal AclsImage Replay(AccessControlEntryRecord record) => new(Entries.SetItem(record.Id, record), ByBinding.SetItem(Binding(record), record.Id));

    internal AclsImage Replay(RemoveAccessControlEntryRecord record) =>
        Entries.TryGetValue(record.Id, out var entry) ? new(Entries.Remove(record.Id), ByBinding.Remove(Binding(entry))) : this;

    internal void Write(ImageWriter writer)
    {
        foreach (var entry in Entries.Values) writer.Write(entry);
    }

    private static AclBinding Binding(AccessControlEntryRecord record) => new(
        (ResourceType)record.ResourceType, record.ResourceName, (PatternType)record.PatternType, record.Principal, record.Host,
        (AclOperation)record.Operation, (AclPermissionType)record.PermissionType);
}

/// <summary>The SCRAM credentials (KIP-554), by mechanism and user. Immutable.</summary>
public sealed class ScramImage
{
    internal ScramImage(ImmutableDictionary<(sbyte Mechanism, string User), UserScramCredentialRecord> credentials) =>
        Credentials = credentials;

    /// <summary>The image without credentials.</summary>
    public static ScramImage Empty { get; } =
        new(ImmutableDictionary<(sbyte, string), UserScramCredentialRecord>.Empty);

    /// <summary>The credentials; the records must not be changed.</summary>
    public ImmutableDictionary<(sbyte Mechanism, string User), UserScramCredentialRecord> Credentials { get; }

    internal ScramImage Replay(UserScramCredentialRecord record) =>
        new(Credentials.SetItem((record.Mechanism, record.Name), record));

    internal ScramImage Replay(RemoveUserScramCredentialRecord record) =>
        new(Credentials.Remove((record.Mechanism, record.Name)));

    internal void Write(ImageWriter writer)
    {
        if (!MetadataRules.Scram(writer.MetadataVersion)) return;
        foreach (var credential in Credentials.Values) writer.Write(credential);
    }
}

/// <summary>The delegation tokens (KIP-900), by token id. Immutable.</summary>
public sealed class DelegationTokensImage
{
    internal DelegationTokensImage(ImmutableDictionary<string, DelegationTokenRecord> tokens) => Tokens = tokens;

    /// <summary>The image without tokens.</summary>
    public static DelegationTokensImage Empty { get; } =
        new(ImmutableDictionary.Create<string, DelegationTokenRecord>(StringComparer.Ordinal));

    /// <summary>The tokens; the records must not be changed.</summary>
    public ImmutableDictionary<string, DelegationTokenRecord> Tokens { get; }

    internal DelegationTokensImage Replay(DelegationTokenRecord record) => new(Tokens.SetItem(record.TokenId, record));

    internal DelegationTokensImage Replay(RemoveDelegationTokenRecord record) => new(Tokens.Remove(record.TokenId));

    internal void Write(ImageWriter writer)
    {
        if (!MetadataRules.DelegationTokens(writer.MetadataVersion)) return;
        foreach (var token in Tokens.Values) writer.Write(token);
    }
}
