using Barnabas.Client.Groups;

namespace Barnabas.Client.Consumer.Membership;

// What heartbeats find out, and the end of what runs besides the polls.
internal sealed partial class GroupMembership
{
    public async Task StopAsync()
    {
        await _member.HeartbeatsEndedAsync();
        if (_join is not null) await ((Task)_join).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    bool IClassicGroup.IsOverdue()
    {
        if (!Polls.IsOverdue) return false;
        ConsumerLog.PollTimeoutExpired(_context.Logger, _options.MaxPollInterval, _group);
        lock (_gate) _isPrepared = false;
        return true;
    }

    void IClassicGroup.OnRejoinNeeded(string reason, bool wasLost) => OnRejoinNeeded(reason, wasLost);

    void IClassicGroup.OnFailed(Exception error) => _context.Report(error);

    private void OnRejoinNeeded(string reason, bool wasLost)
    {
        if (wasLost)
        {
            lock (_gate) _wasLost = true;
        }

        RequestRejoin(reason);
    }
}
