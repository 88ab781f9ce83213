namespace Barnabas.Configuration.Logging;

/// <summary>
/// Log levels that can change while the node runs. A logger factory that is one serves the resource BROKER_LOGGER; names are the logging
/// system's own, levels log4j's (TRACE, DEBUG, INFO, WARN, ERROR, FATAL, OFF). Safe from any thread.
/// </summary>
public interface ILoggerLevels
{
    /// <summary>The name of the logger that all others take their level from.</summary>
    const string Root = "root";

    /// <summary>The level that holds for every logger there is.</summary>
    IReadOnlyDictionary<string, string> Levels { get; }

    /// <summary>Sets the level of a logger.</summary>
    /// <returns>False where there is no such logger.</returns>
    bool TrySet(string logger, string level);

    /// <summary>Gives a logger the level of the logger above it again.</summary>
    /// <returns>False where there is no such logger.</returns>
    bool TryUnset(string logger);
}
