using Barnabas.Client;

namespace Barnabas.Fms.Machinery;

/// <summary>What the demo, the drill and the figures take from the program they run in.</summary>
public sealed record FmsWorld
{
    /// <summary>The launcher of <c>barnabas</c>, for nodes in processes of their own.</summary>
    public required string Launcher { get; init; }

    /// <summary>Asks a process to stop (SIGTERM); false where it is gone.</summary>
    public required Func<int, bool> Terminate { get; init; }

    /// <summary>What clients take: clock, chance, sockets, loggers.</summary>
    public required ClientEnvironment Environment { get; init; }

    /// <summary>Where progress is told.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Whether a person sees the output, on a terminal.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => Environment.Time;

    /// <summary>Tells a line at once.</summary>
    public async Task TellAsync(string line)
    {
        await Output.WriteLineAsync(line);
        await Output.FlushAsync();
    }
}
