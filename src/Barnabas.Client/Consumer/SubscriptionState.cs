using System.Text.RegularExpressions;
using Barnabas.Protocol;

namespace Barnabas.Client.Consumer;

/// <summary>What the caller wants to read and what it reads. All members but the lock itself are guarded by <see cref="Gate"/>.</summary>
internal sealed class SubscriptionState
{
    private readonly Dictionary<TopicPartition, PartitionState> _assigned = [];

    public Lock Gate { get; } = new();

    /// <summary>Topics subscribed to: by name, or those that match <see cref="Pattern"/>.</summary>
    public HashSet<string> Topics { get; private set; } = new(StringComparer.Ordinal);

    public Regex? Pattern { get; private set; }

    /// <summary>The pattern that the coordinator resolves (KIP-848).</summary>
    public SubscriptionPattern? ServerPattern { get; private set; }

    public IRebalanceListener? Listener { get; private set; }

    /// <summary>Whether partitions come from the group.</summary>
    public bool IsSubscribed => Pattern is not null || ServerPattern is not null || Topics.Count > 0;

    /// <summary>Whether the caller named partitions itself.</summary>
    public bool IsManual { get; private set; }

    public Dictionary<TopicPartition, PartitionState>.ValueCollection Assigned => _assigned.Values;

    public PartitionState? Find(TopicPartition partition) => _assigned.GetValueOrDefault(partition);

    public PartitionState Get(TopicPartition partition) => Find(partition) ?? throw new InvalidOperationException($"No current assignment for partition {partition}");

    public List<TopicPartition> Partitions() => [.. _assigned.Keys];

    public bool Subscribe(IEnumerable<string> topics, IRebalanceListener? listener)
    {
        RequireNotManual();
        Pattern = null;
        ServerPattern = null;
        Listener = listener;
        return ChangeTopics(topics);
    }

    public void Subscribe(Regex pattern, IRebalanceListener? listener)
    {
        RequireNotManual();
        Pattern = pattern;
        ServerPattern = null;
        Listener = listener;
        Topics = new HashSet<string>(StringComparer.Ordinal);
    }

    public void Subscribe(SubscriptionPattern pattern, IRebalanceListener? listener)
    {
        RequireNotManual();
        Pattern = null;
        ServerPattern = pattern;
        Listener = listener;
        Topics = new HashSet<string>(StringComparer.Ordinal);
    }

    /// <summary>Returns true when they differ from before.</summary>
    public bool ChangeTopics(IEnumerable<string> topics)
    {
        var changed = new HashSet<string>(topics, StringComparer.Ordinal);
        if (changed.SetEquals(Topics)) return false;
        Topics = changed;
        return true;
    }

    public void Unsubscribe()
    {
        Pattern = null;
        ServerPattern = null;
        Listener = null;
        IsManual = false;
        Topics = new HashSet<string>(StringComparer.Ordinal);
        _assigned.Clear();
    }

    public void AssignManually(IEnumerable<TopicPartition> partitions)
    {
        if (IsSubscribed) throw new InvalidOperationException("Subscription to topics, partitions and pattern are mutually exclusive");
        IsManual = true;
        Replace(partitions);
    }

    /// <summary>Partitions that stay keep their state.</summary>
    public void Replace(IEnumerable<TopicPartition> partitions)
    {
        var wanted = partitions.ToHashSet();
        foreach (var gone in _assigned.Keys.Where(partition => !wanted.Contains(partition)).ToList()) _assigned.Remove(gone);
        foreach (var partition in wanted) _assigned.TryAdd(partition, new PartitionState(partition));
    }

    private void RequireNotManual()
    {
        if (IsManual) throw new InvalidOperationException("Subscription to topics, partitions and pattern are mutually exclusive");
    }
}
