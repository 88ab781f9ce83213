using Barnabas.Client.Groups;
namespace Barnabas.Client.Consumer.Membership;

/// <summary>
/// A consumer's place in its group, by the classic protocol or by that of KIP-848. What changes the assignment or calls
/// the listener happens inside the poll; what talks to the coordinator runs besides it.
/// </summary>
internal interface IGroupMembership
{
    OffsetCommitter Committer { get; }

    AutoCommitter AutoCommitter { get; }

    PollWatch Polls { get; }

    /// <summary>Who the member is now; the id is the generation, or the member epoch.</summary>
    Generation Current { get; }

    /// <summary>Whether the assignment is about to change: polls should look again soon.</summary>
    bool IsRebalancing { get; }

    /// <summary>The caller subscribed to something else: the group is to know.</summary>
    void SubscriptionChanged();

    /// <summary>Brings membership forward as far as it goes without waiting for the network; runs the listener where due.</summary>
    ValueTask AdvanceAsync(CancellationToken cancellationToken);

    /// <summary>Gives up all partitions, tells the listener, and leaves the group. Never throws for what the cluster answers.</summary>
    ValueTask LeaveAsync(string reason, CancellationToken cancellationToken);

    /// <summary>Waits for what runs in the background; the consumer is being disposed.</summary>
    Task StopAsync();
}
