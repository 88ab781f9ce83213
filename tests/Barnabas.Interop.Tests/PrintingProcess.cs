using System.Diagnostics;
using System.Text;
using System.Threading.Channels;

namespace Barnabas.Interop.Tests;

/// <summary>A program that goes on while a test does other things, and the lines that it has printed so far. Killed when disposed.</summary>
internal sealed class PrintingProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly Channel<string> _printed = Channel.CreateUnbounded<string>();

    public PrintingProcess(string file, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
                _errors.AppendLine(line.Data);
        };
        // It must never wait for a test that waits for something else.
        _process.OutputDataReceived += (_, line) => _ = line.Data is { } text ? _printed.Writer.TryWrite(text) : _printed.Writer.TryComplete();
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>The lines that were waited for and those before them.</summary>
    public List<string> Lines { get; } = [];

    public Task TellAsync(string command) => _process.StandardInput.WriteLineAsync(command);

    /// <summary>Takes lines up to the one that fulfils <paramref name="condition"/>; fails when the program ends before that, or prints no such line in time.</summary>
    public async Task WaitForAsync(Predicate<string> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await foreach (var line in _printed.Reader.ReadAllAsync(limit.Token))
            {
                Lines.Add(line);
                if (condition(line))
                    return;
            }
        }
        catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"not printed within {Patience.TotalSeconds} s; {Told()}");
        }

        Assert.Fail($"the program ended; {Told()}");
    }

    /// <summary>Waits for its end; its status.</summary>
    public async Task<int> WaitForExitAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private string Told()
    {
        lock (_errors)
            return $"its last lines:\n{string.Join('\n', Lines.TakeLast(20))}\n{(_errors.Length <= 3000 ? _errors.ToString() : _errors.ToString(_errors.Length - 3000, 3000))}";
    }
}
