using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

// What a worker has too much of is revoked; rounds that do so one after the other wait ever longer between them.
internal sealed partial class IncrementalCooperativeAssignor
{
    private void Balance(ConnectorsAndTasks configured, List<WorkerLoad> workers, Dictionary<string, ConnectorsAndTasks> revoked, long nowMs)
    {
        var surplus = Surplus(configured, workers);
        if (surplus.Count == 0)
        {
            _revokedInPrevious = false;
            _successiveRevocations = 0;
            return;
        }

        if (_revokedInPrevious)
        {
            _successiveRevocations++;
            _delayMs = maxDelayMs == 0 ? 0 : (int)Math.Min(maxDelayMs, Math.Pow(BackoffBase, Math.Min(_successiveRevocations, 8)));
            if (_delayMs != 0)
            {
                _scheduledRebalanceMs = nowMs + _delayMs;
                return;
            }
        }

        _revokedInPrevious = true;
        foreach (var worker in workers)
        {
            if (!surplus.TryGetValue(worker.Worker, out var work)) continue;
            revoked[worker.Worker] = revoked[worker.Worker].And(work);
            worker.Remove(work);
        }
    }

    private static Dictionary<string, ConnectorsAndTasks> Surplus(ConnectorsAndTasks configured, List<WorkerLoad> workers)
    {
        if (configured.IsEmpty || workers.TrueForAll(worker => worker.IsEmpty)) return [];
        var connectors = Surplus(configured.Connectors.Count, workers, worker => worker.Connectors);
        var tasks = Surplus(configured.Tasks.Count, workers, worker => worker.Tasks);
        return connectors.Keys.Union(tasks.Keys).ToDictionary(
            worker => worker,
            worker => new ConnectorsAndTasks(
                connectors.TryGetValue(worker, out var itsConnectors) ? itsConnectors : Array.Empty<string>(),
                tasks.TryGetValue(worker, out var itsTasks) ? itsTasks : Array.Empty<ConnectorTaskId>()));
    }

    // Each worker is to have the same, or one more where that does not divide.
    private static Dictionary<string, IReadOnlyList<T>> Surplus<T>(int total, List<WorkerLoad> workers, Func<WorkerLoad, IReadOnlyCollection<T>> holds)
    {
        var least = total / workers.Count;
        var extras = total % workers.Count;
        var withLeast = workers.Count(worker => holds(worker).Count == least);
        var withExtra = workers.Count(worker => holds(worker).Count == least + 1);
        if (withExtra == extras && withLeast + withExtra == workers.Count) return [];
        var surplus = new Dictionary<string, IReadOnlyList<T>>();
        foreach (var worker in workers)
        {
            var count = holds(worker).Count;
            if (count <= least) continue;
            var allowed = least;
            if (extras > 0)
            {
                extras--;
                allowed++;
            }

            if (count > allowed) surplus[worker.Worker] = [.. holds(worker).Take(count - allowed)];
        }

        return surplus;
    }
}
