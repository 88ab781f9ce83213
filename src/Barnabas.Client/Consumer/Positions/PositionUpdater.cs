using Barnabas.Client.Admin;
using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Consumer.Positions;

/// <summary>
/// Finds the positions of partitions that have none: committed, or by the reset policy; and checks those whose leader
/// changed. Runs besides the poll, one pass at a time; a pass that leaves something open is followed by another after
/// a pause.
/// </summary>
internal sealed class PositionUpdater(ConsumerContext context, OffsetLookup lookup, Func<IReadOnlyCollection<TopicPartition>, CancellationToken, Task<Dictionary<TopicPartition, OffsetAndMetadata?>>>? fetchCommitted)
{
    private Task _pass = Task.CompletedTask;

    /// <summary>Starts a pass when there is something to find and none runs. Returns the one that runs.</summary>
    public Task Start()
    {
        if (!_pass.IsCompleted) return _pass;
        // Each poll asks: as a rule there is nothing.
        List<(PartitionState State, PositionPhase Phase, int Jumps)>? open = null;
        lock (context.Subscription.Gate)
        {
            foreach (var state in context.Subscription.Assigned)
            {
                if (state.Phase != PositionPhase.Known) (open ??= []).Add((state, state.Phase, state.Jumps));
            }
        }

        return open is null ? Task.CompletedTask : _pass = RunAsync(open);
    }

    public Task StopAsync() => _pass;

    // Never faults: what the caller must know is reported.
    private async Task RunAsync(List<(PartitionState State, PositionPhase Phase, int Jumps)> open)
    {
        var stopping = context.Stopping.Token;
        try
        {
            await ToCommittedAsync([.. open.Where(one => one.Phase == PositionPhase.NeedsCommitted).Select(one => (one.State, one.Jumps))], stopping);
            await ResetAsync(stopping);
            await ValidateAsync([.. open.Where(one => one.Phase == PositionPhase.NeedsValidation).Select(one => (one.State, one.Jumps))], stopping);
            var done = false;
            lock (context.Subscription.Gate) done = context.Subscription.Assigned.All(state => state.Phase == PositionPhase.Known);
            if (!done) await Task.Delay(context.Cluster.RetryBackoff.After(1), context.Time, stopping);
        }
        catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
        {
            ConsumerLog.PositionsFailed(context.Logger, error.Message);
            if (!await PauseAsync(stopping)) return;
        }
        catch (KafkaException error)
        {
            context.Report(error);
            if (!await PauseAsync(stopping)) return;
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return;
        }

        context.Signal.Set();
    }

    private async Task<bool> PauseAsync(CancellationToken stopping)
    {
        try
        {
            await Task.Delay(context.Cluster.RetryBackoff.After(1), context.Time, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ToCommittedAsync(List<(PartitionState State, int Jumps)> states, CancellationToken cancellationToken)
    {
        if (states.Count == 0) return;
        var committed = fetchCommitted is null ? [] : await fetchCommitted([.. states.Select(one => one.State.Partition)], cancellationToken);
        var undefined = new List<TopicPartition>();
        lock (context.Subscription.Gate)
        {
            foreach (var (state, jumps) in states)
            {
                if (state.Jumps != jumps) continue;
                if (committed.GetValueOrDefault(state.Partition) is { } offset) state.SeekTo(offset.Offset, offset.LeaderEpoch);
                else if (context.Options.AutoOffsetReset == OffsetReset.None) undefined.Add(state.Partition);
                else state.RequestReset(context.Options.AutoOffsetReset);
            }
        }

        if (undefined.Count > 0) throw new NoOffsetForPartitionException(undefined);
    }

    private async Task ResetAsync(CancellationToken cancellationToken)
    {
        var asked = new Dictionary<TopicPartition, (PartitionState State, int Jumps, OffsetReset Reset)>();
        lock (context.Subscription.Gate)
        {
            foreach (var state in context.Subscription.Assigned)
            {
                if (state is { Phase: PositionPhase.NeedsReset, Reset: { } reset }) asked[state.Partition] = (state, state.Jumps, reset);
            }
        }

        if (asked.Count == 0) return;
        var now = context.Time.GetUtcNow();
        var found = await lookup.TryFindAsync(asked.ToDictionary(entry => entry.Key, entry => entry.Value.Reset.Timestamp(now)), cancellationToken);

        // Nothing is as young as the duration asks for: what comes next is.
        var tooYoung = found.Where(entry => entry.Value.Offset < 0).Select(entry => entry.Key).ToList();
        if (tooYoung.Count > 0)
        {
            foreach (var partition in tooYoung) found.Remove(partition);
            foreach (var (partition, offset) in await lookup.TryFindAsync(tooYoung.ToDictionary(partition => partition, _ => -1L), cancellationToken)) found[partition] = offset;
        }

        lock (context.Subscription.Gate)
        {
            foreach (var (partition, offset) in found)
            {
                var (state, jumps, reset) = asked[partition];
                if (state.Jumps != jumps) continue;
                state.SeekTo(offset.Offset, offset.LeaderEpoch);
                ConsumerLog.OffsetReset(context.Logger, partition, offset.Offset, reset.Name);
            }
        }
    }

    private async Task ValidateAsync(List<(PartitionState State, int Jumps)> states, CancellationToken cancellationToken)
    {
        var snapshot = context.Cluster.Metadata.Current;
        foreach (var group in states.GroupBy(one => snapshot.LeaderOf(one.State.Partition)))
        {
            if (group.Key is null)
            {
                context.Cluster.Metadata.RequestUpdate();
                continue;
            }

            var connection = await context.Cluster.ConnectAsync(group.Key, ConnectionRole.Regular, cancellationToken);
            var byPartition = group.ToDictionary(one => one.State.Partition);
            if (!connection.Versions.Supports(ApiKey.OffsetForLeaderEpoch, 3))
            {
                // Nodes before 2.3 cannot say; their clients did not ask.
                lock (context.Subscription.Gate)
                {
                    foreach (var (state, jumps) in group)
                    {
                        if (state.Jumps == jumps) state.CompleteValidation(snapshot.Find(state.Partition)!.LeaderEpoch);
                    }
                }

                continue;
            }

            var request = new OffsetForLeaderEpochRequest { ReplicaId = -1 };
            foreach (var topic in group.GroupBy(one => one.State.Partition.Topic))
            {
                request.Topics.Add(new OffsetForLeaderEpochRequest.OffsetForLeaderTopic
                {
                    Topic = topic.Key,
                    Partitions = [.. topic.Select(one => new OffsetForLeaderEpochRequest.OffsetForLeaderPartition
                    {
                        Partition = one.State.Partition.Partition,
                        CurrentLeaderEpoch = snapshot.Find(one.State.Partition)!.LeaderEpoch,
                        LeaderEpoch = one.State.PositionEpoch,
                    })],
                });
            }

            var response = await connection.SendAsync(request, cancellationToken);
            foreach (var topic in response.Topics)
            {
                foreach (var result in topic.Partitions)
                {
                    if (byPartition.TryGetValue(new TopicPartition(topic.Topic, result.Partition), out var one)) Validated(one.State, one.Jumps, result, snapshot.Find(one.State.Partition)!.LeaderEpoch);
                }
            }
        }
    }

    private void Validated(PartitionState state, int jumps, OffsetForLeaderEpochResponse.EpochEndOffset result, int leaderEpoch)
    {
        if (result.ErrorCode != ErrorCode.None)
        {
            context.Cluster.Metadata.RequestUpdate();
            if (ErrorCodes.IsRetriable(result.ErrorCode)) return;
            throw result.ErrorCode.ToException($"{ErrorCodes.Message(result.ErrorCode)} ({state.Partition})");
        }

        lock (context.Subscription.Gate)
        {
            if (state.Jumps != jumps) return;
            if (result.EndOffset < 0 || result.LeaderEpoch < 0)
            {
                context.ResetOrReport(state, () => new LogTruncationException(state.Partition, state.Position, state.LogStartOffset));
            }
            else if (result.EndOffset < state.Position)
            {
                ConsumerLog.LogTruncated(context.Logger, state.Partition, state.Position, result.EndOffset);
                if (context.Options.AutoOffsetReset == OffsetReset.None) context.Report(new LogTruncationException(state.Partition, state.Position, result.EndOffset));
                else state.SeekTo(result.EndOffset, result.LeaderEpoch);
            }
            else
            {
                state.CompleteValidation(leaderEpoch);
            }
        }
    }
}
