using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tests.Support;

/// <summary>Keeps what is logged, as text.</summary>
internal sealed class RecordingLogger : ILogger, ILoggerFactory
{
    public ConcurrentQueue<(string Category, LogLevel Level, string Text)> Lines { get; } = new();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue(("", logLevel, formatter(state, exception)));

    public ILogger CreateLogger(string categoryName) => new Named(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Named(RecordingLogger all, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            all.Lines.Enqueue((category, logLevel, formatter(state, exception)));
    }
}
