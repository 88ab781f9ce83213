using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership;

/// <summary><c>enable.auto.commit</c>: what the caller got before its last poll counts as processed. Used inside polls and by the disposal.</summary>
internal sealed class AutoCommitter(ConsumerContext context, OffsetCommitter committer)
{
    private static readonly TimeSpan LongestCommitBeforeRebalance = TimeSpan.FromSeconds(5);
    private readonly ConsumerOptions _options = context.Options;
    private Task _running = Task.CompletedTask;
    private CancellationTokenSource? _cancelRunning;
    private long? _nextTimestamp;

    /// <summary>How long until the next automatic commit; null without one.</summary>
    public TimeSpan? UntilNext => _nextTimestamp is { } next ? context.Time.GetElapsedTime(context.Time.GetTimestamp(), next) : null;

    /// <summary>Commits in the background when the interval is over.</summary>
    public void CommitWhenDue()
    {
        if (!_options.EnableAutoCommit) return;
        _nextTimestamp ??= context.TimestampAfter(_options.AutoCommitInterval);
        if (context.Time.GetTimestamp() < _nextTimestamp || !_running.IsCompleted) return;
        _nextTimestamp = context.TimestampAfter(_options.AutoCommitInterval);
        _running = CommitInBackgroundAsync();
    }

    /// <summary>The position of every partition that has one.</summary>
    public Dictionary<TopicPartition, OffsetAndMetadata> Consumed()
    {
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata>();
        lock (context.Subscription.Gate)
        {
            foreach (var state in context.Subscription.Assigned)
            {
                if (state.Position >= 0 && state.Phase != PositionPhase.NeedsReset) offsets[state.Partition] = new OffsetAndMetadata(state.Position, state.PositionEpoch);
            }
        }

        return offsets;
    }

    /// <summary>The last commit of a consumer that is disposed.</summary>
    public async Task CommitAtCloseAsync(CancellationToken cancellationToken)
    {
        if (!_options.EnableAutoCommit) return;
        await EndRunningAsync();
        await CommitQuietlyAsync(LongestCommitBeforeRebalance, cancellationToken);
    }

    /// <summary>The last commit before partitions go to others. A commit that fails does not keep them.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task CommitBeforeRebalanceAsync(CancellationToken cancellationToken)
    {
        if (!_options.EnableAutoCommit) return;
        await EndRunningAsync();
        await CommitQuietlyAsync(LongestCommitBeforeRebalance, cancellationToken);
        // A poll that is given up is to commit again in the next one.
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task CommitInBackgroundAsync()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping.Token);
        _cancelRunning = cancel;
        await CommitQuietlyAsync(_options.ApiTimeout, cancel.Token);
        _cancelRunning = null;
    }

    // What comes next commits as much and more. A coordinator that is gone must not keep it waiting.
    private async Task EndRunningAsync()
    {
        if (_cancelRunning is { } cancel && !_running.IsCompleted)
        {
            try
            {
                await cancel.CancelAsync();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself.
            }
        }

        await _running;
    }

    private async Task CommitQuietlyAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = context.Time.GetTimestamp();
        for (var failures = 1; ; failures++)
        {
            var left = timeout - context.Time.GetElapsedTime(start);
            try
            {
                await committer.CommitAsync(Consumed(), left, cancellationToken);
                return;
            }
            catch (CommitFailedException error) when (error.ErrorCode == ErrorCode.StaleMemberEpoch && left > TimeSpan.Zero)
            {
                // A heartbeat under way brings the epoch to commit with.
                ConsumerLog.CommitFailed(context.Logger, _options.GroupId!, error.Message);
            }
            catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
            {
                ConsumerLog.CommitFailed(context.Logger, _options.GroupId!, error.Message);
                return;
            }

            if (!await PauseAsync(failures, cancellationToken)) return;
        }
    }

    private async Task<bool> PauseAsync(int failures, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(context.Cluster.RetryBackoff.After(failures), context.Time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
