using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership.ServerSide;

/// <summary>
/// A member of a KIP-848 group as a pure state machine: states, member epoch, target and current assignment. No I/O, no
/// clock, no lock: its owner guards it and does what the states ask for.
/// </summary>
/// <param name="memberId">Chosen by the member itself, and kept for its life (KIP-1082).</param>
/// <param name="isStatic">Whether it has a <c>group.instance.id</c>: its place is kept when it leaves.</param>
internal sealed class ConsumerMembershipManager(string memberId, bool isStatic)
{
    public const int JoinEpoch = 0;
    public const int LeaveEpoch = -1;
    public const int LeaveStaticEpoch = -2;
    private bool _isExpired;

    public string MemberId { get; } = memberId;

    public MemberState State { get; private set; } = MemberState.Unsubscribed;

    /// <summary>The epoch the coordinator gave; 0 while joining, negative after leaving.</summary>
    public int MemberEpoch { get; private set; }

    /// <summary>What is read.</summary>
    public LocalAssignment Current { get; private set; } = LocalAssignment.None;

    /// <summary>What the coordinator wants to be read.</summary>
    public LocalAssignment Target { get; private set; } = LocalAssignment.None;

    /// <summary>Grows with each join and each end of membership: an answer to a heartbeat of another life says nothing about this one.</summary>
    public int Incarnation { get; private set; }

    /// <summary>Whether the coordinator counts on this member.</summary>
    public bool IsInGroup => State is MemberState.Joining or MemberState.Reconciling or MemberState.Acknowledging or MemberState.Stable or MemberState.PrepareLeaving;

    /// <summary>Whether there is nobody to tell anything.</summary>
    public bool ShouldSkipHeartbeat => State is MemberState.Unsubscribed or MemberState.Fenced or MemberState.Fatal or MemberState.Stale;

    /// <summary>Whether the next heartbeat does not wait for its interval.</summary>
    public bool ShouldHeartbeatNow => State is MemberState.Acknowledging or MemberState.Leaving;

    /// <summary>The caller subscribed, or what ended the last life was dealt with.</summary>
    public void Join()
    {
        Require(State is MemberState.Unsubscribed or MemberState.Fenced or MemberState.Stale, MemberState.Joining);
        (State, MemberEpoch) = (MemberState.Joining, JoinEpoch);
        Forget();
    }

    /// <summary>A heartbeat with the state as it is now is on its way.</summary>
    public void HeartbeatGenerated()
    {
        switch (State)
        {
            case MemberState.Acknowledging:
                State = Current.Equals(Target) ? MemberState.Stable : MemberState.Reconciling;
                break;
            case MemberState.Leaving:
                State = _isExpired ? MemberState.Stale : MemberState.Unsubscribed;
                _isExpired = false;
                break;
        }
    }

    /// <summary>The coordinator answered; no assignment when it has not changed.</summary>
    public void HeartbeatSucceeded(int memberEpoch, IReadOnlyDictionary<Uuid, IReadOnlySet<int>>? assignment)
    {
        if (State is not (MemberState.Joining or MemberState.Reconciling or MemberState.Acknowledging or MemberState.Stable) || memberEpoch < 0) return;
        MemberEpoch = memberEpoch;
        if (assignment is null) return;
        Target = Target.UpdatedWith(assignment);
        if (!Target.Equals(Current)) State = MemberState.Reconciling;
        else if (State is MemberState.Reconciling or MemberState.Joining) State = MemberState.Stable;
    }

    /// <summary>The listener was told and what is read now is <paramref name="partitions"/>: all of the target, or what of it is known so far.</summary>
    public void Reconciled(LocalAssignment reconciled, IReadOnlyDictionary<Uuid, IReadOnlySet<int>> partitions)
    {
        Current = new LocalAssignment(reconciled.LocalEpoch, partitions);
        // The member was fenced or left meanwhile: there is nobody to acknowledge to.
        if (State == MemberState.Reconciling) State = MemberState.Acknowledging;
    }

    /// <summary>The coordinator does not know the member (any more), or not at this epoch.</summary>
    public void Fence()
    {
        if (!IsInGroup) return;
        // Who is leaving anyway needs neither to leave nor to come back.
        State = State == MemberState.PrepareLeaving ? MemberState.Unsubscribed : MemberState.Fenced;
        MemberEpoch = JoinEpoch;
        Incarnation++;
    }

    /// <summary>An error that trying again does not help.</summary>
    public void Fail()
    {
        (State, MemberEpoch) = (MemberState.Fatal, JoinEpoch);
        Incarnation++;
    }

    /// <summary>The caller unsubscribes or closes. False when there is nothing to leave.</summary>
    public bool PrepareToLeave()
    {
        if (State is MemberState.Fenced or MemberState.Stale)
        {
            (State, MemberEpoch) = (MemberState.Unsubscribed, EpochOfLeaving);
            Forget();
        }

        if (State is MemberState.Unsubscribed or MemberState.Fatal) return false;
        State = MemberState.PrepareLeaving;
        return true;
    }

    /// <summary>The listener was told: the heartbeat that leaves is due. False when the member was fenced meanwhile.</summary>
    public bool Leave()
    {
        if (State != MemberState.PrepareLeaving) return false;
        (State, MemberEpoch, _isExpired) = (MemberState.Leaving, EpochOfLeaving, false);
        Forget();
        return true;
    }

    /// <summary>The caller did not poll in time: leave, keep the assignment until the caller is back to be told. False when there is nothing to leave.</summary>
    public bool Expire()
    {
        if (!IsInGroup || State == MemberState.PrepareLeaving) return false;
        (State, MemberEpoch, _isExpired) = (MemberState.Leaving, EpochOfLeaving, true);
        Incarnation++;
        return true;
    }

    private int EpochOfLeaving => isStatic ? LeaveStaticEpoch : LeaveEpoch;

    private void Forget()
    {
        (Current, Target) = (LocalAssignment.None, LocalAssignment.None);
        Incarnation++;
    }

    private void Require(bool isValid, MemberState next)
    {
        if (!isValid) throw new InvalidOperationException($"Invalid state transition from {State} to {next}");
    }
}
