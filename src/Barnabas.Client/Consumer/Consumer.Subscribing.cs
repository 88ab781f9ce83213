using System.Text.RegularExpressions;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

public sealed partial class Consumer<TKey, TValue>
{
    /// <summary>The topics subscribed to.</summary>
    public IReadOnlyCollection<string> Subscription
    {
        get
        {
            lock (_context.Subscription.Gate) return [.. _context.Subscription.Topics];
        }
    }

    /// <summary>The partitions that are read.</summary>
    public IReadOnlyCollection<TopicPartition> Assignment
    {
        get
        {
            lock (_context.Subscription.Gate) return _context.Subscription.Partitions();
        }
    }

    /// <summary>Reads topics as a member of the group, instead of those before; the group says which partitions. An empty list unsubscribes, and the group is left in the background.</summary>
    /// <exception cref="InvalidOperationException">There is no <c>group.id</c>, or partitions were assigned by hand.</exception>
    public void Subscribe(IReadOnlyCollection<string> topics, IRebalanceListener? listener = null)
    {
        using var entry = Enter();
        ArgumentNullException.ThrowIfNull(topics);
        RequireGroup();
        if (topics.Count == 0)
        {
            // Up to the first wait it runs here: the listener knows before this returns.
            if (_context.Subscription.IsSubscribed) _leaving = _membership!.LeaveAsync("the consumer unsubscribed from all topics", _context.Stopping.Token).AsTask();
            Forget();
            return;
        }

        bool changed;
        lock (_context.Subscription.Gate) changed = _context.Subscription.Subscribe(topics, Wrap(listener));
        _context.Cluster.Metadata.TrackAllTopics = false;
        _context.Cluster.Metadata.Pin(topics);
        if (changed) _membership!.SubscriptionChanged();
    }

    /// <summary>Reads all topics whose name matches, also those to come.</summary>
    /// <exception cref="InvalidOperationException">There is no <c>group.id</c>, or partitions were assigned by hand.</exception>
    public void Subscribe(Regex pattern, IRebalanceListener? listener = null)
    {
        using var entry = Enter();
        ArgumentNullException.ThrowIfNull(pattern);
        RequireGroup();
        lock (_context.Subscription.Gate) _context.Subscription.Subscribe(pattern, Wrap(listener));
        _context.Cluster.Metadata.TrackAllTopics = true;
        _context.Cluster.Metadata.RequestUpdate();
    }

    /// <summary>Reads all topics whose name matches, also those to come; the coordinator does the matching.</summary>
    /// <exception cref="InvalidOperationException">There is no <c>group.id</c>, or partitions were assigned by hand.</exception>
    /// <exception cref="NotSupportedException">The group's protocol is the classic one.</exception>
    /// <exception cref="ArgumentException">The pattern is empty.</exception>
    public void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener = null)
    {
        using var entry = Enter();
        ArgumentNullException.ThrowIfNull(pattern);
        RequireGroup();
        if (pattern.Pattern.Length == 0) throw new ArgumentException("Topic pattern to subscribe to cannot be empty", nameof(pattern));
        if (_options.GroupProtocol != GroupProtocol.Consumer)
            throw new NotSupportedException("Subscribe to RE2/J pattern is not supported when using the CLASSIC protocol defined in config group.protocol");
        lock (_context.Subscription.Gate) _context.Subscription.Subscribe(pattern, Wrap(listener));
        _context.Cluster.Metadata.TrackAllTopics = false;
        _membership!.SubscriptionChanged();
    }

    /// <summary>Reads partitions by hand, instead of those before, outside any rebalancing. An empty list unsubscribes.</summary>
    /// <exception cref="InvalidOperationException">Topics are subscribed to.</exception>
    public void Assign(IReadOnlyCollection<TopicPartition> partitions)
    {
        using var entry = Enter();
        ArgumentNullException.ThrowIfNull(partitions);
        lock (_context.Subscription.Gate)
        {
            if (partitions.Count == 0) _context.Subscription.Unsubscribe();
            else _context.Subscription.AssignManually(partitions);
        }

        _context.Cluster.Metadata.Pin(partitions.Select(partition => partition.Topic).Distinct());
        _context.Signal.Set();
    }

    /// <summary>Leaves the group and reads nothing any more.</summary>
    public async Task UnsubscribeAsync(CancellationToken cancellationToken = default)
    {
        using var entry = Enter();
        await LeaveAndForgetAsync(cancellationToken);
    }

    private async Task LeaveAndForgetAsync(CancellationToken cancellationToken)
    {
        await EndLeavingAsync(cancellationToken);
        try
        {
            if (_membership is not null && _context.Subscription.IsSubscribed) await _membership.LeaveAsync("the consumer unsubscribed from all topics", cancellationToken);
        }
        finally
        {
            Forget();
        }
    }

    private void Forget()
    {
        lock (_context.Subscription.Gate) _context.Subscription.Unsubscribe();
        _context.Cluster.Metadata.TrackAllTopics = false;
        _context.Cluster.Metadata.Pin([]);
        _context.ForgetReported();
    }

    // A group left in the background is left before anything else happens; what the listener threw comes out here.
    private async ValueTask EndLeavingAsync(CancellationToken cancellationToken)
    {
        if (_leaving.IsCompletedSuccessfully) return;
        var leaving = _leaving;
        await leaving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        _leaving = Task.CompletedTask;
        await leaving;
    }

    private void RequireGroup()
    {
        if (_membership is null) throw new InvalidOperationException("To use the group management or offset commit APIs, you must provide a valid group.id in the consumer configuration.");
    }

    private CallbackScope? Wrap(IRebalanceListener? listener) => listener is null ? null : new CallbackScope(listener, _inListener);

    /// <summary>Lets the listener call the consumer while a poll is under way.</summary>
    private sealed class CallbackScope(IRebalanceListener inner, AsyncLocal<bool> flag) : IRebalanceListener
    {
        public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) =>
            RunAsync(() => inner.OnPartitionsAssignedAsync(partitions, cancellationToken));

        public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) =>
            RunAsync(() => inner.OnPartitionsRevokedAsync(partitions, cancellationToken));

        public ValueTask OnPartitionsLostAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken) =>
            RunAsync(() => inner.OnPartitionsLostAsync(partitions, cancellationToken));

        // An async method restores the flag for its caller by itself.
        private async ValueTask RunAsync(Func<ValueTask> call)
        {
            flag.Value = true;
            await call();
        }
    }
}
