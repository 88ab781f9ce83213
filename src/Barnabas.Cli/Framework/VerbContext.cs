using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Cli.Framework;

/// <summary>What a verb sees of the world. Its writers are flushed when the verb ends.</summary>
internal sealed class VerbContext
{
    /// <summary>The standard input.</summary>
    public required Stream Input { get; init; }

    /// <summary>The standard output.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>The bytes below <see cref="Out"/>; flush <see cref="Out"/> before writing here.</summary>
    public required Stream OutputStream { get; init; }

    /// <summary>The standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Folder of the distribution.</summary>
    public required string Home { get; init; }

    /// <summary>Folder of the log files.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>True where a person reads the output, who gets colour and progress.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Set when the process is asked to stop.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>Where rows go instead of <see cref="Out"/> when the caller asked for JSON; null where they did not.</summary>
    public JsonListing? Listing { get; set; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The context of this process.</summary>
    public static VerbContext OfProcess(CancellationToken stop)
    {
        var output = OpenOutput();
        var home = Environment.GetEnvironmentVariable("BARNABAS_HOME") ?? Environment.CurrentDirectory;
        return new VerbContext
        {
            Input = Console.OpenStandardInput(),
            OutputStream = output,
            Out = new StreamWriter(output, new UTF8Encoding(false), 16 * 1024),
            Error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false), 1024) { AutoFlush = true },
            Home = home,
            LogDirectory = Environment.GetEnvironmentVariable("LOG_DIR") ?? Path.Combine(home, "logs"),
            IsTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb",
            Stop = stop,
        };
    }

    /// <summary>
    /// The standard output. The console's own stream says nothing when the reader of a pipe is gone, and a tool that reads on
    /// for ever would never end; so a pipe is written to directly. A file stays with the console's stream, which shares its
    /// position with the standard error.
    /// </summary>
    private static Stream OpenOutput()
    {
        const int standardOutput = 1;
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
            return Console.OpenStandardOutput();
        var pipe = new FileStream(new SafeFileHandle(standardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
