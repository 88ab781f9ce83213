namespace Barnabas.Connect.Herding;

/// <summary>The levels of loggers as <c>/admin/loggers</c> shows and sets them (KIP-495). Safe from any thread.</summary>
public interface ILoggerLevels
{
    /// <summary>The loggers that have a level of their own, and when it was set in milliseconds since 1970; null for levels from the start.</summary>
    IReadOnlyDictionary<string, (string Level, long? ModifiedMs)> All { get; }

    /// <summary>A logger's level, its own or that of the nearest above; null for a logger that is not known.</summary>
    (string Level, long? ModifiedMs)? Find(string logger);

    /// <summary>Sets the level of a logger and of all below it.</summary>
    /// <returns>The loggers that it concerned.</returns>
    IReadOnlyList<string> Set(string logger, string level);
}
