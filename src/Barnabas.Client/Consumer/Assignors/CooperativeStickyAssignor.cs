using System.Buffers.Binary;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>Sticky for cooperative groups: what changes hands is given to nobody until its old member has given it up (KIP-429).</summary>
internal sealed class CooperativeStickyAssignor : StickyAssignorBase
{
    private int _generation = NoGeneration;

    public override string Name => "cooperative-sticky";

    public override bool SupportsCooperative => true;

    public override void OnAssignment(ConsumerProtocolAssignment assignment, int generation) => _generation = generation;

    public override ReadOnlyMemory<byte>? UserData(IReadOnlyCollection<string> topics)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, _generation);
        return bytes;
    }

    protected override MemberData DataOf(MemberSubscription member)
    {
        if (member.GenerationId is { } generation) return new MemberData(member.Owned, generation);
        if (member.UserData is not { } bytes) return new MemberData(member.Owned, null);
        return new MemberData(member.Owned, bytes.Length >= sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(bytes.Span) : NoGeneration);
    }

    protected override void Adjust(
        Dictionary<string, List<TopicPartition>> assignments, Dictionary<TopicPartition, string>? transferring, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        foreach (var (partition, member) in transferring ?? FindTransferring(assignments, members)) assignments[member].Remove(partition);
    }

    private static Dictionary<TopicPartition, string> FindTransferring(Dictionary<string, List<TopicPartition>> assignments, IReadOnlyDictionary<string, MemberSubscription> members)
    {
        var added = new Dictionary<TopicPartition, string>();
        var revoked = new HashSet<TopicPartition>();
        foreach (var (member, assigned) in assignments)
        {
            var owned = members[member].Owned;
            foreach (var partition in assigned.Except(owned)) added[partition] = member;
            revoked.UnionWith(owned.Except(assigned));
        }

        return added.Where(entry => revoked.Contains(entry.Key)).ToDictionary();
    }
}
