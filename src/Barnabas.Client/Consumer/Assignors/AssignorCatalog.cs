using Barnabas.Configuration;

namespace Barnabas.Client.Consumer.Assignors;

/// <summary>The assignors by name and by the name of Kafka's class.</summary>
internal static class AssignorCatalog
{
    /// <exception cref="ConfigException">A name is none of theirs, or there is none.</exception>
    public static IReadOnlyList<IPartitionAssignor> Resolve(IReadOnlyList<string> names)
    {
        var assignors = new List<IPartitionAssignor>();
        foreach (var name in names)
        {
            var assignor = Create(name);
            if (assignors.Exists(one => one.Name == assignor.Name)) throw new ConfigException("partition.assignment.strategy", string.Join(",", names), $"the assignor {assignor.Name} is named twice");
            assignors.Add(assignor);
        }

        return assignors.Count > 0 ? assignors : throw new ConfigException("partition.assignment.strategy", "[]", "must not be empty");
    }

    private static IPartitionAssignor Create(string name)
    {
        var simple = name.StartsWith("class ", StringComparison.Ordinal) ? name["class ".Length..] : name;
        return simple[(simple.LastIndexOf('.') + 1)..] switch
        {
            "range" or "RangeAssignor" => new RangeAssignor(),
            "roundrobin" or "RoundRobinAssignor" => new RoundRobinAssignor(),
            "sticky" or "StickyAssignor" => new StickyAssignor(),
            "cooperative-sticky" or "CooperativeStickyAssignor" => new CooperativeStickyAssignor(),
            _ => throw new ConfigException("partition.assignment.strategy", name, "it is none of range, roundrobin, sticky, cooperative-sticky"),
        };
    }
}
