using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

/// <summary>The protocols a member offers, best first, with its metadata for each. Immutable; owns its bytes.</summary>
internal sealed class MemberProtocols
{
    private readonly KeyValuePair<string, byte[]>[] _protocols;

    private MemberProtocols(KeyValuePair<string, byte[]>[] protocols) => _protocols = protocols;

    public int Count => _protocols.Length;

    public IEnumerable<string> Names
    {
        get
        {
            foreach (var protocol in _protocols)
                yield return protocol.Key;
        }
    }

    /// <summary>Copies the protocols out of a request, whose bytes live no longer than itself. Of two with one name the first counts.</summary>
    public static MemberProtocols From(List<JoinGroupRequest.JoinGroupRequestProtocol> protocols)
    {
        var names = new HashSet<string>(protocols.Count);
        var copies = new List<KeyValuePair<string, byte[]>>(protocols.Count);
        foreach (var protocol in protocols)
        {
            if (names.Add(protocol.Name))
                copies.Add(new(protocol.Name, protocol.Metadata.ToArray()));
        }

        return new MemberProtocols([.. copies]);
    }

    /// <summary>The protocols of a member that was in a KIP-848 group.</summary>
    public static MemberProtocols From(ConsumerGroupMemberMetadataValue.ClassicMemberMetadataData metadata) =>
        new([.. metadata.SupportedProtocols.Select(protocol => KeyValuePair.Create(protocol.Name, protocol.Metadata.ToArray()))]);

    public static MemberProtocols Single(string name, byte[] metadata) => new([new(name, metadata)]);

    /// <summary>The metadata for <paramref name="protocol"/>, or null if the member does not offer it.</summary>
    public byte[]? MetadataOf(string? protocol)
    {
        foreach (var candidate in _protocols)
        {
            if (candidate.Key == protocol)
                return candidate.Value;
        }

        return null;
    }

    /// <summary>Whether the same protocols with the same metadata are offered in the same order.</summary>
    public bool Matches(MemberProtocols other)
    {
        if (_protocols.Length != other._protocols.Length)
            return false;

        for (var i = 0; i < _protocols.Length; i++)
        {
            if (_protocols[i].Key != other._protocols[i].Key
                || !_protocols[i].Value.AsSpan().SequenceEqual(other._protocols[i].Value))
                return false;
        }

        return true;
    }
}
