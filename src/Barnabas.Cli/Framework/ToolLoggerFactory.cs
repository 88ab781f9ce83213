using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Framework;

/// <summary>Loggers of tools: one line each on the standard error, in the layout of Kafka's tools, and no stack traces.</summary>
internal sealed class ToolLoggerFactory(Func<string, LogLevel> lowest, TextWriter error, TimeProvider time) : ILoggerFactory
{
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new ToolLogger(this, categoryName, lowest(categoryName));

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("The log of a tool has one provider");

    public void Dispose()
    {
    }

    private void Write(string line)
    {
        lock (_gate)
            error.WriteLine(line);
    }

    private sealed class ToolLogger(ToolLoggerFactory owner, string category, LogLevel level) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= level && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            var now = owner.Now();
            var cause = exception is null ? "" : ": " + exception.Message;
            owner.Write($"[{now}] {Name(logLevel)} {(formatter(state, exception) + cause).ReplaceLineEndings(" ")} ({category})");
        }

        private static string Name(LogLevel logLevel) => logLevel switch
        {
            LogLevel.Trace => "TRACE",
            LogLevel.Debug => "DEBUG",
            LogLevel.Information => "INFO",
            LogLevel.Warning => "WARN",
            LogLevel.Error => "ERROR",
            _ => "FATAL",
        };
    }

    private string Now() => time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture);
}
