using Barnabas.Connect.Errors;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol;

namespace Barnabas.Connect.Distributed;

/// <summary>
/// The bytes that workers exchange through the coordinator: version 0 is the eager protocol, 1 the incremental
/// cooperative one (KIP-415), 2 the same with session keys (KIP-507).
/// </summary>
internal static class ConnectProtocol
{
    public const string ProtocolType = "connect";
    public const short Eager = 0;
    public const short Compatible = 1;
    public const short Sessioned = 2;

    // Stands among the tasks for the connector itself.
    private const int ConnectorTask = -1;

    /// <summary>The version's name in JoinGroup.</summary>
    public static string NameOf(short version) => version switch { Eager => "default", Compatible => "compatible", _ => "sessioned" };

    /// <exception cref="ConnectException">It is none of Connect's.</exception>
    public static short VersionOf(string? name) => name switch
    {
        "default" => Eager,
        "compatible" => Compatible,
        "sessioned" => Sessioned,
        _ => throw new ConnectException($"Not found Connect protocol compatibility mode for protocol: {name}"),
    };

    /// <summary>The protocols that a worker of <c>connect.protocol</c> speaks, the best first.</summary>
    public static IReadOnlyList<KeyValuePair<string, byte[]>> Offers(WorkerState state, short best)
    {
        var offers = new List<KeyValuePair<string, byte[]>>();
        for (var version = best; version >= Eager; version--) offers.Add(KeyValuePair.Create(NameOf(version), WriteState(state, version)));
        return offers;
    }

    public static byte[] WriteState(WorkerState state, short version)
    {
        using var writer = new MessageWriter();
        writer.WriteInt16(version);
        writer.WriteString(flexible: false, state.Url, "url");
        writer.WriteInt64(state.ConfigOffset);
        if (version > Eager) writer.WriteNullableBytes(flexible: false, state.Assignment is null ? (ReadOnlyMemory<byte>?)null : WriteAssignment(state.Assignment, version));
        return writer.ToArray();
    }

    /// <exception cref="ConnectException">The bytes are not a worker's.</exception>
    public static WorkerState ReadState(ReadOnlyMemory<byte> bytes) => Read(bytes, static (ref MessageReader reader, short _) =>
    {
        var url = reader.ReadString(flexible: false, "url");
        var offset = reader.ReadInt64();
        var held = reader.Remaining > 0 ? reader.ReadNullableBytes(flexible: false) : null;
        return new WorkerState(url, offset, held is { IsEmpty: false } assignment ? ReadAssignment(assignment) : null);
    });

    public static byte[] WriteAssignment(ConnectAssignment assignment, short version)
    {
        using var writer = new MessageWriter();
        writer.WriteInt16(version);
        writer.WriteInt16(assignment.Error);
        writer.WriteString(flexible: false, assignment.Leader, "leader");
        writer.WriteString(flexible: false, assignment.LeaderUrl, "leader-url");
        writer.WriteInt64(assignment.ConfigOffset);
        WriteWork(writer, assignment.Assigned);
        if (version > Eager)
        {
            WriteWork(writer, assignment.Revoked);
            writer.WriteInt32(assignment.DelayMs);
        }

        return writer.ToArray();
    }

    /// <exception cref="ConnectException">The bytes are not an assignment.</exception>
    public static ConnectAssignment ReadAssignment(ReadOnlyMemory<byte> bytes) => Read(bytes, static (ref MessageReader reader, short _) => new ConnectAssignment
    {
        Error = reader.ReadInt16(),
        Leader = reader.ReadString(flexible: false, "leader"),
        LeaderUrl = reader.ReadString(flexible: false, "leader-url"),
        ConfigOffset = reader.ReadInt64(),
        Assigned = ReadWork(ref reader),
        Revoked = ReadWork(ref reader),
        DelayMs = reader.Remaining > 0 ? reader.ReadInt32() : 0,
    });

    private static void WriteWork(MessageWriter writer, ConnectorsAndTasks work)
    {
        var connectors = work.Connectors.Concat(work.Tasks.Select(task => task.Connector)).Distinct(StringComparer.Ordinal).ToList();
        writer.WriteInt32(connectors.Count);
        foreach (var connector in connectors)
        {
            List<int> tasks = [.. work.Connectors.Contains(connector) ? [ConnectorTask] : Array.Empty<int>(), .. work.Tasks.Where(task => task.Connector == connector).Select(task => task.Task)];
            writer.WriteString(flexible: false, connector, "connector");
            writer.WriteInt32(tasks.Count);
            foreach (var task in tasks) writer.WriteInt32(task);
        }
    }

    private static ConnectorsAndTasks ReadWork(ref MessageReader reader)
    {
        if (reader.Remaining == 0) return ConnectorsAndTasks.Empty;
        var connectors = new List<string>();
        var tasks = new List<ConnectorTaskId>();
        for (var left = reader.ReadArrayLength(flexible: false, sizeof(short) + sizeof(int), isNullable: true, "assignment"); left > 0; left--)
        {
            var connector = reader.ReadString(flexible: false, "connector");
            for (var more = reader.ReadArrayLength(flexible: false, sizeof(int), isNullable: false, "tasks"); more > 0; more--)
            {
                var task = reader.ReadInt32();
                if (task == ConnectorTask) connectors.Add(connector);
                else tasks.Add(new ConnectorTaskId(connector, task));
            }
        }

        return new ConnectorsAndTasks(connectors, tasks);
    }

    // A newer worker may write a higher version: what we know of it comes first.
    private static T Read<T>(ReadOnlyMemory<byte> bytes, Body<T> body)
    {
        try
        {
            var reader = new MessageReader(bytes);
            var version = reader.ReadInt16();
            if (version < Eager) throw new ConnectException($"Unsupported subscription version: {version}");
            return body(ref reader, version);
        }
        catch (MalformedMessageException error)
        {
            throw new ConnectException("A worker of the group does not speak Connect's protocol: " + error.Message, error);
        }
    }

    private delegate T Body<T>(ref MessageReader reader, short version);
}
