using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Classic;

internal sealed partial class ClassicGroup
{
    private readonly Dictionary<string, int> _supportedProtocols = [];

    /// <summary>The topics the members subscribe to, or null if unknown: not consumers, or their metadata cannot be read.</summary>
    public HashSet<string>? SubscribedTopics { get; private set; }

    public override bool IsSubscribedToTopic(string topic) => SubscribedTopics?.Contains(topic) ?? UsesConsumerProtocol;

    /// <summary>Whether a member with these protocols could be in the group.</summary>
    public bool SupportsProtocols(string protocolType, MemberProtocols protocols)
    {
        if (State == ClassicGroupState.Empty)
            return protocolType.Length > 0 && protocols.Count > 0;
        if (ProtocolType != protocolType)
            return false;

        foreach (var name in protocols.Names)
        {
            if (_supportedProtocols.GetValueOrDefault(name) == _members.Count)
                return true;
        }

        return false;
    }

    /// <summary>The protocol that most members prefer among those all support; of equals the one voted for first.</summary>
    public string SelectProtocol()
    {
        var candidates = new HashSet<string>();
        foreach (var (name, supporters) in _supportedProtocols)
        {
            if (supporters == _members.Count)
                candidates.Add(name);
        }

        var votes = new Dictionary<string, int>();
        string? winner = null;
        foreach (var member in _members.Values)
        {
            var vote = member.Vote(candidates);
            votes[vote] = votes.GetValueOrDefault(vote) + 1;
            winner ??= vote;
        }

        foreach (var (name, count) in votes)
        {
            if (count > votes[winner!])
                winner = name;
        }

        return winner ?? throw new InvalidOperationException($"Group {GroupId} has no members to select a protocol.");
    }

    public void ComputeSubscribedTopics()
    {
        SubscribedTopics = null;
        if (!UsesConsumerProtocol)
            return;
        if (_members.Count == 0)
        {
            SubscribedTopics = [];
            return;
        }

        if (ProtocolName is null)
            return;

        var topics = new HashSet<string>();
        try
        {
            foreach (var member in _members.Values)
                AddSubscribedTopics(member.MetadataOf(ProtocolName), topics);
        }
        catch (MalformedMessageException e)
        {
            _context.Logger.SubscriptionUnreadable(e, GroupId, ProtocolName);
            return;
        }

        SubscribedTopics = topics;
    }

    /// <summary>Reads the version-0 prefix, which every version of the consumer protocol begins with.</summary>
    private static void AddSubscribedTopics(ReadOnlyMemory<byte> metadata, HashSet<string> topics)
    {
        var reader = new MessageReader(metadata);
        reader.ReadInt16();
        var subscription = new ConsumerProtocolSubscription();
        subscription.Read(ref reader, 0);
        foreach (var topic in subscription.Topics)
            topics.Add(topic);
    }

    private void CountProtocols(MemberProtocols protocols, int change)
    {
        foreach (var name in protocols.Names)
        {
            var count = _supportedProtocols.GetValueOrDefault(name) + change;
            if (count == 0)
                _supportedProtocols.Remove(name);
            else
                _supportedProtocols[name] = count;
        }
    }
}
