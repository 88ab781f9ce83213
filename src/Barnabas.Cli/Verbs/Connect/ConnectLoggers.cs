using System.Collections.Concurrent;
using Barnabas.Cli.Logging;
using Microsoft.Extensions.Logging;
using ILoggerLevels = Barnabas.Connect.Herding.ILoggerLevels;

namespace Barnabas.Cli.Verbs.Connect;

/// <summary>The program's loggers with their levels as Connect's REST API shows and sets them. Does not own the factory.</summary>
internal sealed class ConnectLoggers(NodeLoggerFactory loggers, TimeProvider time) : ILoggerFactory, ILoggerLevels
{
    private readonly ConcurrentDictionary<string, long> _modified = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, (string Level, long? ModifiedMs)> All => loggers.Levels.ToDictionary(logger => logger.Key, logger => (logger.Value, ModifiedOf(logger.Key)));

    /// <inheritdoc/>
    public (string Level, long? ModifiedMs)? Find(string logger)
    {
        var levels = loggers.Levels;
        for (var name = logger; ; name = name[..name.LastIndexOf('.')])
        {
            if (levels.TryGetValue(name, out var level)) return (level, ModifiedOf(name));
            if (!name.Contains('.')) return (levels[Barnabas.Configuration.Logging.ILoggerLevels.Root], null);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Set(string logger, string level)
    {
        var isRoot = logger == Barnabas.Configuration.Logging.ILoggerLevels.Root;
        // A name that nobody has logged by yet counts from then on.
        _ = loggers.CreateLogger(logger);
        var concerned = loggers.Levels.Keys.Where(name => isRoot || name == logger || name.StartsWith(logger + ".", StringComparison.Ordinal)).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in concerned)
        {
            loggers.TrySet(name, level == "ALL" ? "TRACE" : level);
            _modified[name] = now;
        }

        return concerned;
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger(categoryName);

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => loggers.AddProvider(provider);

    /// <inheritdoc/>
    public void Dispose()
    {
        // Whoever made the factory disposes it.
    }

    private long? ModifiedOf(string name) => _modified.TryGetValue(name, out var at) ? at : null;
}
