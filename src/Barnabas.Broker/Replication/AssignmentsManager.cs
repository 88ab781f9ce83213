using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Replication;

/// <summary>
/// Tells the controller which log directory holds each replica of this broker (KIP-858): it must know when a directory fails. The latest
/// word on a replica counts. Runs one loop, from <see cref="Start"/> to <see cref="StopAsync"/>.
/// </summary>
internal sealed class AssignmentsManager(int brokerId, IController controller, TimeProvider time, ILogger logger)
{
    private const int MaxPerRequest = 2250;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<TopicIdPartition, Assignment> _pending = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _wake = new(0);
    private Task _running = Task.CompletedTask;

    /// <summary>Queues an assignment; it leaves once the broker is registered.</summary>
    /// <param name="partition">The replica.</param>
    /// <param name="directory">The id of the directory that holds it.</param>
    /// <param name="accepted">Called when the controller has taken it up.</param>
    public void Assign(TopicIdPartition partition, Uuid directory, Action? accepted = null)
    {
        lock (_lock)
            _pending[partition] = new Assignment(directory, accepted);
        _wake.Release();
    }

    public void Start(long brokerEpoch) => _running = RunAsync(brokerEpoch);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    private async Task RunAsync(long brokerEpoch)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (Take() is { Count: > 0 } batch)
                    await SendAsync(brokerEpoch, batch);
                else
                    await _wake.WaitAsync(_stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
            }
            catch (KafkaException e) when (e.ErrorCode == ErrorCode.UnsupportedVersion)
            {
                // The cluster's metadata version has no room for directories: nobody asks where replicas are.
                lock (_lock)
                    _pending.Clear();
            }
            catch (KafkaException e)
            {
                BrokerLog.AssignmentsRefused(logger, e);
                await Task.Delay(RetryInterval, time);
            }
        }
    }

    private List<KeyValuePair<TopicIdPartition, Assignment>> Take()
    {
        lock (_lock)
            return [.. _pending.Take(MaxPerRequest)];
    }

    private async Task SendAsync(long brokerEpoch, List<KeyValuePair<TopicIdPartition, Assignment>> batch)
    {
        var request = new AssignReplicasToDirsRequest { BrokerId = brokerId, BrokerEpoch = brokerEpoch };
        foreach (var byDirectory in batch.GroupBy(entry => entry.Value.Directory))
        {
            var directory = new AssignReplicasToDirsRequest.DirectoryData { Id = byDirectory.Key };
            foreach (var byTopic in byDirectory.GroupBy(entry => entry.Key.TopicId))
            {
                directory.Topics.Add(new()
                {
                    TopicId = byTopic.Key,
                    Partitions = [.. byTopic.Select(entry => new AssignReplicasToDirsRequest.PartitionData { PartitionIndex = entry.Key.Partition })],
                });
            }
            request.Directories.Add(directory);
        }
        var response = await controller.AssignReplicasToDirsAsync(ControllerRequestContext.Internal, request, _stopping.Token);
        if (response.ErrorCode != ErrorCode.None)
            throw new KafkaException(response.ErrorCode);
        var errors = response.Directories.SelectMany(directory => directory.Topics).SelectMany(
            topic => topic.Partitions.Select(partition => ((topic.TopicId, partition.PartitionIndex), partition.ErrorCode))).ToDictionary();
        foreach (var (partition, assignment) in batch)
            Finish(partition, assignment, errors.GetValueOrDefault((partition.TopicId, partition.Partition), ErrorCode.UnknownServerError));
    }

    private void Finish(TopicIdPartition partition, Assignment assignment, ErrorCode error)
    {
        lock (_lock)
        {
            // A later word on it is still to be sent.
            if (_pending.TryGetValue(partition, out var latest) && ReferenceEquals(latest, assignment))
                _pending.Remove(partition);
        }
        if (error == ErrorCode.None)
            assignment.Accepted?.Invoke();
        else
            BrokerLog.AssignmentRefused(logger, partition, assignment.Directory, error);
    }

    private sealed record Assignment(Uuid Directory, Action? Accepted);
}
