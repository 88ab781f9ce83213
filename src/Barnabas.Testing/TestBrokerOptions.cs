using Barnabas.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Testing;

/// <summary>How a <see cref="TestBroker"/> runs. Change single settings with <c>with</c>.</summary>
public sealed record TestBrokerOptions
{
    /// <summary>The defaults: sockets on a free port, data in memory, the real clock.</summary>
    public static TestBrokerOptions Default { get; } = new();

    /// <summary>No sockets: only clients that use <see cref="TestBroker.Transport"/> reach the broker, and connection faults can be set.</summary>
    public bool InMemory { get; init; }

    /// <summary>The file system; null for one in memory, or with <see cref="LogDirectory"/> the real one.</summary>
    public IDisk? Disk { get; init; }

    /// <summary>The log directory; null to keep data in memory.</summary>
    public string? LogDirectory { get; init; }

    /// <summary>The clock; null for the real one. See <see cref="ManualTimeProvider"/>.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Broker properties by Kafka's names, over those of the test broker.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the broker logs.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Decides everything that is left to chance.</summary>
    public int Seed { get; init; } = 1;
}
