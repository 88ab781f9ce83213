using Barnabas.Client.Admin;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer.Membership;

// enable.auto.commit: what the caller got before its last poll counts as processed.
internal sealed partial class GroupMembership
{
    private static readonly TimeSpan LongestCommitBeforeRebalance = TimeSpan.FromSeconds(5);
    private Task _autoCommit = Task.CompletedTask;
    private long? _nextAutoCommitTimestamp;

    /// <summary>Commits in the background when the interval is over.</summary>
    public void AutoCommit()
    {
        if (!_options.EnableAutoCommit) return;
        var now = _context.Time.GetTimestamp();
        _nextAutoCommitTimestamp ??= _context.TimestampAfter(_options.AutoCommitInterval);
        if (now < _nextAutoCommitTimestamp || !_autoCommit.IsCompleted) return;
        _nextAutoCommitTimestamp = _context.TimestampAfter(_options.AutoCommitInterval);
        _autoCommit = CommitQuietlyAsync(Consumed(), _options.ApiTimeout, _context.Stopping.Token);
    }

    /// <summary>How long until the next automatic commit; null without one.</summary>
    public TimeSpan? UntilAutoCommit => _nextAutoCommitTimestamp is { } next ? _context.Time.GetElapsedTime(_context.Time.GetTimestamp(), next) : null;

    /// <summary>The position of every partition that has one.</summary>
    public Dictionary<TopicPartition, OffsetAndMetadata> Consumed()
    {
        var offsets = new Dictionary<TopicPartition, OffsetAndMetadata>();
        lock (_context.Subscription.Gate)
        {
            foreach (var state in _context.Subscription.Assigned)
            {
                if (state.Position >= 0 && state.Phase != PositionPhase.NeedsReset) offsets[state.Partition] = new OffsetAndMetadata(state.Position, state.PositionEpoch);
            }
        }

        return offsets;
    }

    /// <summary>The last commit of a consumer that is disposed.</summary>
    public async Task CommitAtCloseAsync(CancellationToken cancellationToken)
    {
        await _autoCommit.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_options.EnableAutoCommit) await CommitQuietlyAsync(Consumed(), LongestCommitBeforeRebalance, cancellationToken);
    }

    private async Task AutoCommitBeforeRebalanceAsync(CancellationToken cancellationToken)
    {
        if (!_options.EnableAutoCommit) return;
        await _autoCommit.WaitAsync(cancellationToken);
        await CommitQuietlyAsync(Consumed(), LongestCommitBeforeRebalance, cancellationToken);
    }

    private async Task CommitQuietlyAsync(Dictionary<TopicPartition, OffsetAndMetadata> offsets, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await Committer.CommitAsync(offsets, timeout, cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            ConsumerLog.CommitFailed(_context.Logger, _group, error.Message);
        }
    }
}
