using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

// What workers that are gone had: it waits for their return.
internal sealed partial class IncrementalCooperativeAssignor
{
    private readonly List<string> _candidates = [];
    private long _scheduledRebalanceMs;

    // What is to be assigned anew; what goes to workers that came meanwhile with empty hands is added to them here.
    private ConnectorsAndTasks HandleLost(ConnectorsAndTasks lost, List<WorkerLoad> workers, long nowMs)
    {
        if (lost.IsEmpty && !_revokedInPrevious)
        {
            ResetDelay();
            return ConnectorsAndTasks.Empty;
        }

        // All are there: somebody did not hear the last assignment.
        if (_scheduledRebalanceMs <= 0 && _previousMembers.IsSubsetOf(workers.Select(worker => worker.Worker))) return lost;
        if (maxDelayMs == 0) return lost;
        if (_scheduledRebalanceMs > 0 && nowMs >= _scheduledRebalanceMs)
        {
            var candidates = workers.Where(worker => _candidates.Contains(worker.Worker)).ToList();
            if (candidates.Count > 0) Deal(lost, candidates);
            ResetDelay();
            _revokedInPrevious = false;
            return candidates.Count > 0 ? ConnectorsAndTasks.Empty : lost;
        }

        // Probably the ones that were gone, under new names: they get it back.
        foreach (var worker in workers.Where(worker => worker.IsEmpty && !_candidates.Contains(worker.Worker))) _candidates.Add(worker.Worker);
        _delayMs = nowMs < _scheduledRebalanceMs ? (int)Math.Min(_scheduledRebalanceMs - nowMs, maxDelayMs) : maxDelayMs;
        _scheduledRebalanceMs = nowMs + _delayMs;
        return ConnectorsAndTasks.Empty;
    }

    private static void Deal(ConnectorsAndTasks lost, List<WorkerLoad> candidates)
    {
        var turn = 0;
        foreach (var connector in lost.Connectors) candidates[turn++ % candidates.Count].Add(connector);
        turn = 0;
        foreach (var task in lost.Tasks) candidates[turn++ % candidates.Count].Add(task);
    }

    private void ResetDelay()
    {
        _candidates.Clear();
        _scheduledRebalanceMs = 0;
        _delayMs = 0;
    }
}
