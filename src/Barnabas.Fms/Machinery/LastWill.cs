using System.Diagnostics;

namespace Barnabas.Fms.Machinery;

/// <summary>
/// A command that is run when this process ends without having disposed of this, as after kill -9: what it started must not
/// live on. A shell in a session of its own waits for the end of a pipe. Where there is no setsid it does nothing.
/// </summary>
internal sealed class LastWill : IDisposable
{
    private const string Script = "exec >/dev/null 2>&1; if read -r line; then exit 0; fi; exec \"$@\"";

    private readonly Process? _shell;

    /// <exception cref="FmsException">The shell does not start.</exception>
    public LastWill(params IReadOnlyList<string> command)
    {
        if (OperatingSystem.IsWindows() || Commands.Find("setsid") is not { } setsid)
            return;
        var start = new ProcessStartInfo(setsid) { RedirectStandardInput = true };
        foreach (var argument in (string[])["--fork", "sh", "-c", Script, "sh", .. command])
            start.ArgumentList.Add(argument);
        _shell = Commands.Start(start);
    }

    public void Dispose()
    {
        if (_shell is null)
            return;
        try
        {
            _shell.StandardInput.WriteLine("disposed");
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody ended the shell: it does nothing any more, which is what is wanted.
        }

        _shell.Dispose();
    }
}
