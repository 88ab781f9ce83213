namespace Barnabas.Metadata.Controller;

/// <summary>The states a broker goes through, as heartbeats move it.</summary>
internal enum BrokerControlState
{
    Fenced,
    Unfenced,
    ControlledShutdown,
    ShutdownNow,
}

/// <summary>
/// When each broker was last heard of, and how far it has read the metadata log. Soft state of the active controller:
/// it is not in the log and begins anew with each activation. Lives on the controller's thread.
/// </summary>
internal sealed class BrokerHeartbeatManager(TimeProvider time, TimeSpan sessionTimeout)
{
    private readonly SortedDictionary<int, BrokerContact> _brokers = [];

    /// <summary>Begins to track a broker, or notes that its fencing changed.</summary>
    internal void Register(int brokerId, bool fenced)
    {
        if (!_brokers.TryGetValue(brokerId, out var contact)) _brokers[brokerId] = contact = new BrokerContact();
        Touch(brokerId, fenced, contact.MetadataOffset);
    }

    internal void Remove(int brokerId) => _brokers.Remove(brokerId);

    internal void Clear() => _brokers.Clear();

    internal void Touch(int brokerId, bool fenced, long metadataOffset)
    {
        var contact = Get(brokerId);
        contact.LastContact = time.GetTimestamp();
        contact.MetadataOffset = metadataOffset;
        contact.Fenced = fenced;
        // A fenced broker has left controlled shutdown: it stops at its next heartbeat.
        if (fenced) contact.ControlledShutdownOffset = -1;
    }

    internal bool HasValidSession(int brokerId) =>
        _brokers.TryGetValue(brokerId, out var contact) && !contact.Fenced && IsFresh(contact);

    /// <summary>Notes from which offset on a broker is shutting down; the first counts.</summary>
    internal void EnterControlledShutdown(int brokerId, long offset)
    {
        var contact = Get(brokerId);
        if (contact.ControlledShutdownOffset < 0) contact.ControlledShutdownOffset = offset;
    }

    /// <summary>A broker that is not fenced and was not heard of for the session timeout, or null.</summary>
    internal int? FindStaleBroker()
    {
        foreach (var (id, contact) in _brokers)
        {
            if (!contact.Fenced && !IsFresh(contact)) return id;
        }
        return null;
    }

    /// <summary>The state after a heartbeat.</summary>
    internal (BrokerControlState Current, BrokerControlState Next) NextState(
        int brokerId, bool wantFence, bool wantShutdown, long metadataOffset, long registrationOffset, Func<bool> hasLeaderships)
    {
        var contact = Get(brokerId);
        if (contact.ControlledShutdownOffset >= 0)
        {
            // Others must have seen that the leaders moved before this broker goes.
            var mayGo = !hasLeaderships() && contact.ControlledShutdownOffset <= LowestActiveOffset();
            return (BrokerControlState.ControlledShutdown, mayGo ? BrokerControlState.ShutdownNow : BrokerControlState.ControlledShutdown);
        }
        if (contact.Fenced)
        {
            if (wantShutdown) return (BrokerControlState.Fenced, BrokerControlState.ShutdownNow);
            return (BrokerControlState.Fenced, !wantFence && metadataOffset >= registrationOffset
                ? BrokerControlState.Unfenced
                : BrokerControlState.Fenced);
        }
        if (wantFence) return (BrokerControlState.Unfenced, wantShutdown ? BrokerControlState.ShutdownNow : BrokerControlState.Fenced);
        if (!wantShutdown) return (BrokerControlState.Unfenced, BrokerControlState.Unfenced);
        return (BrokerControlState.Unfenced, hasLeaderships() ? BrokerControlState.ControlledShutdown : BrokerControlState.ShutdownNow);
    }

    private long LowestActiveOffset()
    {
        var lowest = long.MaxValue;
        foreach (var contact in _brokers.Values)
        {
            if (!contact.Fenced && contact.ControlledShutdownOffset < 0) lowest = Math.Min(lowest, contact.MetadataOffset);
        }
        return lowest;
    }

    private bool IsFresh(BrokerContact contact) => time.GetElapsedTime(contact.LastContact) <= sessionTimeout;

    private BrokerContact Get(int brokerId) =>
        _brokers.TryGetValue(brokerId, out var contact)
            ? contact
            : throw new InvalidOperationException($"Broker {brokerId} is not registered.");

    private sealed class BrokerContact
    {
        internal long LastContact { get; set; }

        internal long MetadataOffset { get; set; } = -1;

        internal bool Fenced { get; set; } = true;

        internal long ControlledShutdownOffset { get; set; } = -1;
    }
}
