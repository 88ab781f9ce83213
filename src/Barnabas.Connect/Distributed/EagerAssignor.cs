using Barnabas.Connect.Tasks;

namespace Barnabas.Connect.Distributed;

/// <summary>Kafka Connect's first assignor: everything is stopped and dealt anew, connectors first, then tasks, to the members in turn.</summary>
internal static class EagerAssignor
{
    public static ClusterAssignment Assign(ConnectorsAndTasks configured, IEnumerable<string> members)
    {
        var order = members.Order(StringComparer.Ordinal).ToList();
        var connectors = order.ToDictionary(member => member, _ => new List<string>());
        var tasks = order.ToDictionary(member => member, _ => new List<ConnectorTaskId>());
        var turn = 0;
        foreach (var connector in configured.Connectors) connectors[order[turn++ % order.Count]].Add(connector);
        foreach (var task in configured.Tasks) tasks[order[turn++ % order.Count]].Add(task);
        var all = order.ToDictionary(member => member, member => new ConnectorsAndTasks(connectors[member], tasks[member]));
        return new ClusterAssignment(all, order.ToDictionary(member => member, _ => ConnectorsAndTasks.Empty), all, 0);
    }
}
