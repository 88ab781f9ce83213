using System.Diagnostics;

namespace Barnabas.Fms.Machinery;

/// <summary>Commands of the system.</summary>
internal static class Commands
{
    /// <summary>Runs a command to its end and gives what it printed.</summary>
    /// <exception cref="FmsException">There is no such command, or it failed.</exception>
    public static async Task<string> RunAsync(string command, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var start = new ProcessStartInfo(command) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Start(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(stop);
        var error = process.StandardError.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        if (process.ExitCode == 0)
            return await output;
        var said = (await error + await output).Trim();
        throw new FmsException($"{Path.GetFileName(command)} ended with {process.ExitCode}: {said[..Math.Min(said.Length, 500)]}");
    }

    /// <exception cref="FmsException">There is no such command.</exception>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new FmsException($"{start.FileName} did not start");
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new FmsException($"{start.FileName} cannot be started: {error.Message}", error);
        }
    }

    /// <summary>Finds a command on the PATH; null where there is none.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(folder => folder.Length > 0).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
