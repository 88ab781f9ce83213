using System.Collections.Immutable;

namespace Barnabas.Coordination.Groups.Streams;

/// <summary>Tasks by subtopology: each is the partition of its source topics. Immutable; no subtopology stands in it with no task.</summary>
/// <param name="Partitions">The partitions of each subtopology.</param>
internal sealed record TaskSet(ImmutableSortedDictionary<string, ImmutableSortedSet<int>> Partitions)
{
    public static TaskSet Empty { get; } = new(ImmutableSortedDictionary.Create<string, ImmutableSortedSet<int>>(StringComparer.Ordinal));

    public bool IsEmpty => Partitions.IsEmpty;

    public ImmutableSortedSet<int> this[string subtopology] => Partitions.TryGetValue(subtopology, out var partitions) ? partitions : [];

    public IEnumerable<StreamsTask> Tasks => Partitions.SelectMany(entry => entry.Value.Select(partition => new StreamsTask(entry.Key, partition)));

    public static TaskSet Of(IEnumerable<StreamsTask> tasks) => new(tasks.GroupBy(task => task.Subtopology, StringComparer.Ordinal)
        .ToImmutableSortedDictionary(group => group.Key, group => group.Select(task => task.Partition).ToImmutableSortedSet(), StringComparer.Ordinal));

    public static TaskSet Of(IEnumerable<(string Subtopology, List<int> Partitions)> tasks) =>
        Of(tasks.SelectMany(one => one.Partitions.Select(partition => new StreamsTask(one.Subtopology, partition))));

    public bool Contains(StreamsTask task) => this[task.Subtopology].Contains(task.Partition);

    public TaskSet Union(TaskSet other) => other.IsEmpty ? this : Of(Tasks.Concat(other.Tasks).Distinct());

    public TaskSet Intersect(TaskSet other) => Of(Tasks.Where(other.Contains));

    public TaskSet Except(TaskSet other) => Of(Tasks.Where(task => !other.Contains(task)));

    public bool Overlaps(TaskSet other) => Tasks.Any(other.Contains);

    public bool Equals(TaskSet? other) => other is not null && Tasks.SequenceEqual(other.Tasks);

    public override int GetHashCode() => Partitions.Count;
}

/// <summary>A task.</summary>
/// <param name="Subtopology">The id of its subtopology.</param>
/// <param name="Partition">Its partition.</param>
internal readonly record struct StreamsTask(string Subtopology, int Partition);

/// <summary>The tasks of one member.</summary>
/// <param name="Active">Those it processes.</param>
/// <param name="Standby">Those whose state it keeps at hand.</param>
/// <param name="Warmup">Those whose state it restores to process them later.</param>
internal sealed record MemberTasks(TaskSet Active, TaskSet Standby, TaskSet Warmup)
{
    public static MemberTasks Empty { get; } = new(TaskSet.Empty, TaskSet.Empty, TaskSet.Empty);

    public bool IsEmpty => Active.IsEmpty && Standby.IsEmpty && Warmup.IsEmpty;

    public MemberTasks Union(MemberTasks other) => new(Active.Union(other.Active), Standby.Union(other.Standby), Warmup.Union(other.Warmup));

    public MemberTasks Intersect(MemberTasks other) => new(Active.Intersect(other.Active), Standby.Intersect(other.Standby), Warmup.Intersect(other.Warmup));

    public MemberTasks Except(MemberTasks other) => new(Active.Except(other.Active), Standby.Except(other.Standby), Warmup.Except(other.Warmup));

    public bool OverlapsAny(MemberTasks other) => Active.Overlaps(other.Active) || Standby.Overlaps(other.Standby) || Warmup.Overlaps(other.Warmup);
}
