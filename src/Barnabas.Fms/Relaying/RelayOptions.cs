namespace Barnabas.Fms.Relaying;

/// <summary>Where a relay reads and writes.</summary>
public sealed record RelayOptions
{
    /// <summary>Addresses of brokers, each <c>host:port</c>.</summary>
    public required IReadOnlyList<string> BootstrapServers { get; init; }

    /// <summary>The topic to read.</summary>
    public required string InputTopic { get; init; }

    /// <summary>The topic to write.</summary>
    public required string OutputTopic { get; init; }

    /// <summary>The group whose committed offsets say what is done.</summary>
    public required string GroupId { get; init; }

    /// <summary>How often what was acknowledged is committed.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a batch of outputs waits for more.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(2);
}
