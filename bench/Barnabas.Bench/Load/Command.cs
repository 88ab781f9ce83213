using System.Diagnostics;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench.Load;

/// <summary>What a command printed, how long it took and what it cost.</summary>
/// <param name="Output">Standard output.</param>
/// <param name="Seconds">From its start to its end.</param>
/// <param name="CpuSeconds">Of the command and its children; meaningless when other children of ours end meanwhile.</param>
internal sealed record CommandResult(string Output, double Seconds, double CpuSeconds);

/// <summary>Runs a command to its end; anything but exit code 0 is a failure of the row.</summary>
internal static class Command
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<CommandResult> RunAsync(
        string file, IReadOnlyList<string> arguments, CancellationToken cancellationToken, Stream? outputTo = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var cpuBefore = ProcessTree.EndedChildrenCpuSeconds();
        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new BenchException($"{file} does not start");
        process.StandardInput.Close();
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = "";
            if (outputTo is null)
                output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            else
                await process.StandardOutput.BaseStream.CopyToAsync(outputTo, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (process.ExitCode != 0)
                throw new BenchException($"{Path.GetFileName(file)} {string.Join(' ', arguments)} ended with {process.ExitCode}: {Tail(output)} {Tail(await error)}");
            return new CommandResult(output, seconds, ProcessTree.EndedChildrenCpuSeconds() - cpuBefore);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new BenchException($"{Path.GetFileName(file)} did not end within {Patience.TotalSeconds} s");
        }
    }

    private static string Tail(string text) => text.Length <= 300 ? text.Trim() : text[^300..].Trim();
}
