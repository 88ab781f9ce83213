using System.Diagnostics;

namespace Barnabas.Interop.Tests;

/// <summary>What a command printed and how it ended.</summary>
internal sealed record CommandResult(string CommandLine, int ExitCode, string Output, string Error)
{
    public CommandResult EnsureSuccess()
    {
        Assert.True(ExitCode == 0, $"{CommandLine} ended with {ExitCode}\n{Tail(Output)}\n{Tail(Error)}");
        return this;
    }

    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Tail(string text) => text.Length <= 2000 ? text : "..." + text[^2000..];
}

/// <summary>Runs a command to its end, or kills it with all its children when its time is up.</summary>
internal static class Command
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async Task<CommandResult> RunAsync(string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (key, value) in JavaTools.EnvironmentOf(file))
            start.Environment.TryAdd(key, value);
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(patience ?? Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = process.StandardError.ReadToEndAsync(limit.Token);
        var line = $"{file} {string.Join(' ', start.ArgumentList)}";
        try
        {
            if (input is not null)
                await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return new CommandResult(line, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{line} did not end within {(patience ?? Patience).TotalSeconds} s");
        }
    }
}
