using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Sdk;

/// <summary>What a connector gets from its worker.</summary>
public sealed record ConnectorContext
{
    /// <summary>The connector's name.</summary>
    public required string Name { get; init; }

    /// <summary>Asks the worker to call <see cref="Connector.TaskConfigs"/> again, as when a table appeared.</summary>
    public required Action RequestTaskReconfiguration { get; init; }

    /// <summary>Ends the connector as FAILED.</summary>
    public required Action<Exception> Fail { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Where it tells what it does.</summary>
    public required ILogger Logger { get; init; }
}
