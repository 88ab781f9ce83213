using System.Collections.Concurrent;
using Barnabas.Configuration.Logging;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary>The node's loggers. Levels change at run time; a logger that is asked whether it writes reads one field.</summary>
internal sealed class NodeLoggerFactory(LogLevels levels, ILogLayout layout, LogSink sink, TimeProvider time) : ILoggerFactory, ILoggerLevels
{
    private readonly ConcurrentDictionary<string, NodeLogger> _loggers = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, string> Levels
    {
        get
        {
            var all = new SortedDictionary<string, string>(StringComparer.Ordinal) { [ILoggerLevels.Root] = LogLevels.NameOf(levels.Root) };
            foreach (var name in levels.Names.Concat(_loggers.Keys))
                all[name] = LogLevels.NameOf(levels.Of(name));
            return all;
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        _loggers.GetOrAdd(categoryName, static (name, f) => new NodeLogger(name, f.Layout, f.Sink, f.Time) { Lowest = f.Levels.Of(name) }, (Levels: levels, Layout: layout, Sink: sink, Time: time));

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The node's log has one provider");

    /// <inheritdoc/>
    public bool TrySet(string logger, string level)
    {
        if (!Levels.ContainsKey(logger) || !levels.TrySet(logger, level))
            return false;
        Refresh();
        return true;
    }

    /// <inheritdoc/>
    public bool TryUnset(string logger)
    {
        if (logger == ILoggerLevels.Root || !Levels.ContainsKey(logger))
            return false;
        levels.Unset(logger);
        Refresh();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Refresh()
    {
        foreach (var (name, logger) in _loggers)
            logger.Lowest = levels.Of(name);
    }

    private sealed class NodeLogger(string category, ILogLayout layout, LogSink sink, TimeProvider time) : ILogger
    {
        private volatile int _lowest;

        public LogLevel Lowest
        {
            set => _lowest = (int)value;
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => (int)logLevel >= _lowest && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                sink.Write(layout.Format(time.GetLocalNow(), logLevel, category, eventId, formatter(state, exception), state as IReadOnlyList<KeyValuePair<string, object?>>, exception));
        }
    }
}
