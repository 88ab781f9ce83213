using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Tests;

/// <summary>Keeps what is logged, as text.</summary>
internal sealed class RecordingLogger : ILogger
{
    private readonly SemaphoreSlim _written = new(0);

    public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

    public IEnumerable<string> Warnings => Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);

    /// <summary>Waits for as many further lines.</summary>
    public async Task AwaitAsync(int lines, CancellationToken cancellationToken)
    {
        for (var i = 0; i < lines; i++)
            Assert.True(await _written.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken), $"{i} of {lines} lines were logged");
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue((logLevel, formatter(state, exception)));
        _written.Release();
    }
}
