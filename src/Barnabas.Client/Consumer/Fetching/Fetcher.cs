using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Requests;

namespace Barnabas.Client.Consumer.Fetching;

/// <summary>
/// Keeps one fetch in flight to each node that leads (or serves) partitions with room to buffer, whether or not the
/// caller polls. What it holds is bounded: per partition by one fetch more than <c>max.partition.fetch.bytes</c>, and
/// in all by about <c>fetch.max.bytes</c> per node. State is guarded by the subscription's lock.
/// </summary>
internal sealed partial class Fetcher(ConsumerContext context)
{
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private readonly LinkedList<FetchedPartition> _buffered = [];
    private readonly HashSet<Task> _running = [];
    private bool _stopped;

    /// <summary>Whether an answer will come that wakes the poll.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (context.Subscription.Gate) return _running.Count > 0;
        }
    }

    /// <summary>Sends what there is to send. Never waits.</summary>
    public void SendFetches()
    {
        lock (context.Subscription.Gate)
        {
            if (_stopped || context.Stopping.IsCancellationRequested) return;
            if (Targets() is not { } all) return;
            foreach (var (node, targets) in all)
            {
                var session = _sessions[node.Id];
                session.IsInFlight = true;
                var request = session.Build(targets, context.Options);
                var fetch = FetchAsync(node, session, request);
                if (fetch.IsCompleted) continue;
                _running.Add(fetch);
                _ = ForgetWhenDoneAsync(fetch);
            }
        }
    }

    /// <summary>The next fetched partition that may be delivered; the caller owns it, and gives it back or disposes it.</summary>
    public FetchedPartition? Take()
    {
        lock (context.Subscription.Gate)
        {
            for (var node = _buffered.First; node is not null;)
            {
                var next = node.Next;
                var fetched = node.Value;
                if (!fetched.IsCurrent || context.Subscription.Find(fetched.State.Partition) != fetched.State)
                {
                    _buffered.Remove(node);
                    fetched.Dispose();
                }
                else if (!fetched.State.IsPaused)
                {
                    _buffered.Remove(node);
                    return fetched;
                }

                node = next;
            }

            return null;
        }
    }

    /// <summary>There is more to read in it.</summary>
    public void GiveBack(FetchedPartition fetched)
    {
        lock (context.Subscription.Gate) _buffered.AddFirst(fetched);
    }

    /// <summary>It was read whole, or its state jumped.</summary>
    public void Finish(FetchedPartition fetched)
    {
        lock (context.Subscription.Gate)
        {
            if (fetched.IsCurrent) fetched.State.BufferedBytes -= fetched.SizeInBytes;
        }

        fetched.Dispose();
    }

    /// <summary>Ends the sessions and waits for what is in flight. Connections may be gone already.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<Task> running;
        lock (context.Subscription.Gate)
        {
            _stopped = true;
            running = [.. _running];
            foreach (var fetched in _buffered) fetched.Dispose();
            _buffered.Clear();
        }

        try
        {
            await Task.WhenAll(running).WaitAsync(cancellationToken);
            foreach (var (nodeId, session) in _sessions)
            {
                if (session.BuildClose(context.Options) is not { } close) continue;
                var connection = await context.Cluster.ConnectAsync(nodeId, ConnectionRole.Fetch, cancellationToken);
                await connection.SendAsync(close, connection.Versions.Choose(ApiKey.Fetch, 7), cancellationToken);
            }
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException)
        {
            // The node forgets the session by itself.
            ConsumerLog.SessionNotClosed(context.Logger, error.Message);
        }
    }

    // Each poll asks, and as a rule all fetches are under way: null, and nothing was allocated.
    private Dictionary<Node, List<FetchTarget>>? Targets()
    {
        Dictionary<Node, List<FetchTarget>>? targets = null;
        HashSet<int>? full = null;
        var now = context.Time.GetTimestamp();
        var snapshot = context.Cluster.Metadata.Current;
        var missing = false;
        foreach (var state in context.Subscription.Assigned)
        {
            if (!state.IsFetchable) continue;
            var metadata = snapshot.Find(state.Partition);
            if (metadata is null || snapshot.LeaderOf(state.Partition) is not { } leader)
            {
                missing = true;
                continue;
            }

            if (!state.MayFetchFrom(metadata.LeaderEpoch)) continue;
            var node = leader;
            if (state.PreferredReplica >= 0)
            {
                if (now < state.PreferredReplicaUntilTimestamp && snapshot.Nodes.TryGetValue(state.PreferredReplica, out var replica)) node = replica;
                else state.PreferredReplica = -1;
            }

            // Another partition's long poll would keep this one waiting once it is drained.
            if (state.BufferedBytes >= context.Options.MaxPartitionFetchBytes) (full ??= []).Add(node.Id);
            if (now < state.NotBeforeTimestamp || !CanAsk(node, now)) continue;
            targets ??= [];
            if (!targets.TryGetValue(node, out var list)) targets[node] = list = [];
            list.Add(new FetchTarget(state.Partition, snapshot.Topics[state.Partition.Topic].TopicId, state.FetchOffset, metadata.LeaderEpoch, state.Jumps));
        }

        if (missing) context.Cluster.Metadata.RequestUpdate();
        if (targets is null || BufferedBytes() >= context.Options.FetchMaxBytes) return null;
        if (full is not null)
        {
            foreach (var node in targets.Keys.Where(node => full.Contains(node.Id)).ToList()) targets.Remove(node);
        }

        return targets;
    }

    private bool CanAsk(Node node, long now)
    {
        if (!_sessions.TryGetValue(node.Id, out var session)) _sessions[node.Id] = session = new FetchSession();
        return !session.IsInFlight && now >= session.NotBeforeTimestamp;
    }

    private long BufferedBytes()
    {
        var sum = 0L;
        foreach (var fetched in _buffered) sum += fetched.SizeInBytes;
        return sum;
    }

    private async Task ForgetWhenDoneAsync(Task fetch)
    {
        await fetch;
        lock (context.Subscription.Gate) _running.Remove(fetch);
        context.Signal.Set();
    }

    // Never faults.
    private async Task FetchAsync(Node node, FetchSession session, FetchRequest request)
    {
        PooledResponse<FetchResponse>? pooled = null;
        try
        {
            var connection = await context.Cluster.ConnectAsync(node, ConnectionRole.Fetch, context.Stopping.Token);
            var version = connection.Versions.Choose(ApiKey.Fetch, 4, session.CanUseTopicIds ? short.MaxValue : (short)12);
            var timeout = context.Options.RequestTimeout + context.Options.FetchMaxWait;
            pooled = await connection.Requests.SendPooledAsync(request, version, timeout, context.Stopping.Token);
            lock (context.Subscription.Gate) Handle(node, session, pooled);
        }
        catch (Exception error) when (error is KafkaException or OperationCanceledException or ObjectDisposedException or MalformedMessageException)
        {
            pooled?.Dispose();
            lock (context.Subscription.Gate) session.Failed(ErrorCode.NetworkException);
            if (!context.Stopping.IsCancellationRequested) Failed(node, session, error);
        }
        finally
        {
            lock (context.Subscription.Gate) session.IsInFlight = false;
            SendFetches();
        }
    }

    private void Failed(Node node, FetchSession session, Exception error)
    {
        ConsumerLog.FetchFailed(context.Logger, node, error.Message);
        if (error is KafkaException kafka && !ErrorClassification.IsRetriable(kafka))
        {
            context.Report(kafka);
        }

        lock (context.Subscription.Gate)
        {
            session.NotBeforeTimestamp = context.TimestampAfter(context.Cluster.RetryBackoff.After(++session.Failures));
            // A follower that cannot be reached is not the closest any more: the leader names another.
            foreach (var state in context.Subscription.Assigned)
            {
                if (state.PreferredReplica == node.Id) state.PreferredReplica = -1;
            }
        }

        context.Cluster.Metadata.RequestUpdate();
    }
}
