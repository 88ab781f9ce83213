using System.Collections.Concurrent;
using Barnabas.Connect.Herding;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect;

/// <summary>Loggers whose levels can be raised at run time, over others that have no levels to set.</summary>
internal sealed class FilteredLoggerFactory(ILoggerFactory inner, TimeProvider time) : ILoggerFactory, ILoggerLevels
{
    private const string Root = "root";

    private readonly ConcurrentDictionary<string, (string Level, long? ModifiedMs)> _levels = new([KeyValuePair.Create(Root, ("INFO", (long?)null))]);
    private readonly ConcurrentDictionary<string, byte> _names = new();

    public IReadOnlyDictionary<string, (string Level, long? ModifiedMs)> All => _levels;

    public (string Level, long? ModifiedMs)? Find(string logger)
    {
        for (var name = logger; ; name = name[..name.LastIndexOf('.')])
        {
            if (_levels.TryGetValue(name, out var level)) return level;
            if (!name.Contains('.')) return _levels[Root];
        }
    }

    public IReadOnlyList<string> Set(string logger, string level)
    {
        var below = _names.Keys.Concat(_levels.Keys).Where(name => logger == Root || name == logger || name.StartsWith(logger + ".", StringComparison.Ordinal)).Append(logger).Distinct().Order(StringComparer.Ordinal).ToList();
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in below) _levels[name] = (level, now);
        return below;
    }

    public ILogger CreateLogger(string categoryName)
    {
        _names[categoryName] = 0;
        return new Filtered(this, categoryName, inner.CreateLogger(categoryName));
    }

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private static LogLevel LevelOf(string name) => name switch
    {
        "OFF" => LogLevel.None,
        "FATAL" => LogLevel.Critical,
        "ERROR" => LogLevel.Error,
        "WARN" => LogLevel.Warning,
        "DEBUG" => LogLevel.Debug,
        "TRACE" or "ALL" => LogLevel.Trace,
        _ => LogLevel.Information,
    };

    private sealed class Filtered(FilteredLoggerFactory levels, string name, ILogger target) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => target.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LevelOf(levels.Find(name)!.Value.Level) && target.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) target.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
