using Barnabas.Metadata.Image;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>Access control entries, credentials, tokens and quotas in the notation of Kafka's classes.</summary>
internal static class SecurityTexts
{
    private static readonly string[] ResourceTypes = ["UNKNOWN", "ANY", "TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER"];
    private static readonly string[] PatternTypes = ["UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED"];
    private static readonly string[] Permissions = ["UNKNOWN", "ANY", "DENY", "ALLOW"];
    private static readonly string[] Operations =
    [
        "UNKNOWN", "ANY", "ALL", "READ", "WRITE", "CREATE", "DELETE", "ALTER", "DESCRIBE", "CLUSTER_ACTION", "DESCRIBE_CONFIGS", "ALTER_CONFIGS",
        "IDEMPOTENT_WRITE", "CREATE_TOKENS", "DESCRIBE_TOKENS", "TWO_PHASE_COMMIT",
    ];

    public static string Of(AccessControlEntryRecord entry) =>
        $"StandardAcl(resourceType={Name(ResourceTypes, entry.ResourceType)}, resourceName={entry.ResourceName}, patternType={Name(PatternTypes, entry.PatternType)}"
        + $", principal={entry.Principal}, host={entry.Host}, operation={Name(Operations, entry.Operation)}, permissionType={Name(Permissions, entry.PermissionType)})";

    public static string Of(UserScramCredentialRecord credential) =>
        $"ScramCredentialData(salt={Hex(credential.Salt)}, storedKey={Hex(credential.StoredKey)}, serverKey={Hex(credential.ServerKey)}, iterations={credential.Iterations})";

    public static string Of(DelegationTokenRecord token) =>
        $"DelegationTokenDatatokenId={token.TokenId}(owner={token.Owner}(tokenRequester={token.Requester}(renewers={string.Join(' ', token.Renewers)}"
        + $", issueTimestamp={token.IssueTimestamp}, maxTimestamp={token.MaxTimestamp}), expiryTimestamp={token.ExpirationTimestamp}";

    /// <summary>An entity of quotas as one name: <c>clientId(reader)_user(alice)</c>.</summary>
    public static string Of(ClientQuotaEntity entity) => string.Join('_', entity.Entries.Select(entry =>
        $"{(entry.Key == "client-id" ? "clientId" : entry.Key)}({Escape(entry.Value ?? "<default>")})"));

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Name(string[] names, sbyte number) => number >= 0 && number < names.Length ? names[number] : names[0];
}
