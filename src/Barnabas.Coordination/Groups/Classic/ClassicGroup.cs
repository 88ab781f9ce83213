using Barnabas.Coordination.Groups.Offsets;
using Barnabas.Coordination.Runtime;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Groups.Classic;

/// <summary>
/// A group of the classic protocol: members, generation and the state they are in. Only its generation, members and
/// assignments are written to the log, each time a generation is complete; the rest is soft state that a new
/// coordinator learns from the members again. Lives on its shard's thread.
/// </summary>
internal sealed partial class ClassicGroup : Group
{
    /// <summary>The protocol type of consumers.</summary>
    public const string ConsumerProtocolType = "consumer";

    private readonly CoordinatorShardContext _context;

    public ClassicGroup(CoordinatorShardContext context, string groupId)
        : base(groupId)
    {
        _context = context;
        CurrentStateTimestampMs = context.NowMs;
    }

    public override GroupType Type => GroupType.Classic;

    public override string StateName => State.ToString();

    public override string ProtocolTypeName => ProtocolType ?? "";

    public override bool IsEmpty => State == ClassicGroupState.Empty;

    public ClassicGroupState State { get; private set; } = ClassicGroupState.Empty;

    public ClassicGroupState PreviousState { get; private set; } = ClassicGroupState.Dead;

    /// <summary>When the group entered its state, in milliseconds, or null if an old record did not say.</summary>
    public long? CurrentStateTimestampMs { get; private set; }

    public string? ProtocolType { get; private set; }

    /// <summary>The protocol chosen for the generation.</summary>
    public string? ProtocolName { get; private set; }

    public int GenerationId { get; private set; }

    public string? LeaderId { get; private set; }

    /// <summary>Whether a member came during the initial delay, which then is prolonged.</summary>
    public bool NewMemberAdded { get; set; }

    public bool UsesConsumerProtocol => ProtocolType == ConsumerProtocolType;

    /// <summary>Whether the group may begin a rebalance now.</summary>
    public bool CanRebalance => State is ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance or ClassicGroupState.Empty;

    /// <summary>Sets what a record says of the group; members are added after.</summary>
    public void Restore(int generationId, string? protocolType, string? protocolName, string? leaderId, long? stateTimestampMs, bool hasMembers)
    {
        GenerationId = generationId;
        ProtocolType = protocolType;
        ProtocolName = protocolName;
        LeaderId = leaderId;
        CurrentStateTimestampMs = stateTimestampMs;
        State = hasMembers ? ClassicGroupState.Stable : ClassicGroupState.Empty;
    }

    public void TransitionTo(ClassicGroupState state)
    {
        if (!CanFollow(state))
            throw new InvalidOperationException($"Group {GroupId} cannot move from state {State} to {state}.");

        PreviousState = State;
        State = state;
        CurrentStateTimestampMs = _context.NowMs;
    }

    /// <summary>Chooses the protocol of a restored generation, which its members alone determine.</summary>
    public void ChooseProtocol()
    {
        ProtocolName = SelectProtocol();
        ComputeSubscribedTopics();
    }

    /// <summary>Begins the next generation with the members there are.</summary>
    public void InitNextGeneration()
    {
        GenerationId++;
        ProtocolName = MemberCount == 0 ? null : SelectProtocol();
        ComputeSubscribedTopics();
        TransitionTo(MemberCount == 0 ? ClassicGroupState.Empty : ClassicGroupState.CompletingRebalance);
        ClearPendingSyncMembers();
    }

    public override OffsetExpiration? OffsetExpiration
    {
        get
        {
            if (ProtocolType is null)
                return Offsets.OffsetExpiration.SinceCommit;
            if (State == ClassicGroupState.Empty)
                return CurrentStateTimestampMs is { } since ? Offsets.OffsetExpiration.Since(since) : Offsets.OffsetExpiration.SinceCommit;
            return UsesConsumerProtocol && SubscribedTopics is not null && State == ClassicGroupState.Stable
                ? Offsets.OffsetExpiration.SinceCommit
                : null;
        }
    }

    public override void AddTombstones(List<CoordinatorRecord> records) => records.Add(GroupRecords.GroupMetadataTombstone(GroupId));

    private bool CanFollow(ClassicGroupState next) => next switch
    {
        ClassicGroupState.Empty => State == ClassicGroupState.PreparingRebalance,
        ClassicGroupState.PreparingRebalance => CanRebalance,
        ClassicGroupState.CompletingRebalance => State == ClassicGroupState.PreparingRebalance,
        ClassicGroupState.Stable => State == ClassicGroupState.CompletingRebalance,
        _ => true,
    };
}
