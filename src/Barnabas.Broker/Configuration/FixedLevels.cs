using Barnabas.Configuration.Logging;

namespace Barnabas.Broker.Configuration;

/// <summary>Stands for a logging system of the host's own, whose levels are not the broker's to change: it has no loggers to name.</summary>
internal sealed class FixedLevels : ILoggerLevels
{
    private static readonly Dictionary<string, string> None = [];

    public IReadOnlyDictionary<string, string> Levels => None;

    public bool TrySet(string logger, string level) => false;

    public bool TryUnset(string logger) => false;
}
