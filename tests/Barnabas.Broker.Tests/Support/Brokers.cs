using System.Collections.Concurrent;
using Barnabas.Testing;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Tests.Support;

/// <summary>Brokers for tests: in memory, with their warnings recorded.</summary>
internal static class Brokers
{
    public static Task<TestBroker> StartAsync(params (string Key, string Value)[] properties) =>
        TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Properties = properties.ToDictionary(p => p.Key, p => p.Value) });

    public static Task<TestBroker> StartAsync(RecordingLoggers loggers, bool sockets = false) =>
        TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = !sockets, Loggers = loggers });
}

internal sealed class RecordingLoggers : ILoggerFactory, ILogger
{
    public ConcurrentQueue<string> Warnings { get; } = new();

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Warning)
            Warnings.Enqueue(exception is null ? formatter(state, null) : $"{formatter(state, exception)}: {exception}");
    }
}
