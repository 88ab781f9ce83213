using System.Diagnostics;

namespace Barnabas.Bench.Systems;

/// <summary>A program in a process group of its own, which ends with it, and its output in a file. Killed when disposed.</summary>
internal sealed class ProcessGroup : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly string _log;

    private ProcessGroup(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a program.</summary>
    /// <param name="log">The file that its output is appended to.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="logFolder">Where Kafka's scripts put their logs (LOG_DIR); null for programs that are none.</param>
    public static ProcessGroup Start(string log, IReadOnlyList<string> command, string? logFolder = null)
    {
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true };
        foreach (var argument in (string[])["sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log, .. command])
            start.ArgumentList.Add(argument);
        if (logFolder is not null)
            start.Environment["LOG_DIR"] = logFolder;
        return new ProcessGroup(Process.Start(start)!, log);
    }

    /// <summary>Sends a signal, by its name, to all of the group and waits for the program's end.</summary>
    public async Task EndAsync(string signal)
    {
        if (_process.HasExited)
            return;
        using (var kill = Process.Start("kill", [$"-{signal}", "--", $"-{_process.Id}"]))
            await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
    }

    /// <summary>The last of its output.</summary>
    public string LogTail() => File.Exists(_log) ? string.Join(" | ", File.ReadLines(_log).TakeLast(3)) : "it wrote no log";

    public async ValueTask DisposeAsync()
    {
        await EndAsync("KILL");
        _process.Dispose();
    }
}
