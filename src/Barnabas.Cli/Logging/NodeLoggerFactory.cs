using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary>Loggers that write <c>[date time] LEVEL message (logger)</c>, the layout that operators of Kafka know.</summary>
internal sealed class NodeLoggerFactory(LogLevels levels, LogSink sink, TimeProvider time) : ILoggerFactory
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new(StringComparer.Ordinal);

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new NodeLogger(name, levels.Of(name), sink, time));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The node's log has one provider");

    public void Dispose()
    {
    }

    private sealed class NodeLogger(string category, LogLevel lowest, LogSink sink, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var now = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
            var line = $"[{now}] {Name(logLevel)} {formatter(state, exception)} ({category})";
            sink.Write(exception is null ? line : $"{line}\n{exception}");
        }

        private static string Name(LogLevel level) => level switch
        {
            LogLevel.Trace => "TRACE",
            LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO",
            LogLevel.Warning => "WARN",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };
    }
}
