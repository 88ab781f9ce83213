using System.Globalization;
using System.Runtime.InteropServices;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Server;
using Barnabas.Client;
using Barnabas.Fms.Machinery;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>What the commands of the pipeline have in common.</summary>
internal static class FmsRun
{
    /// <summary>What the pipeline takes from this program.</summary>
    public static FmsWorld World(VerbContext context) => new()
    {
        Launcher = OperatingSystem.IsWindows() ? Path.Combine(context.Home, "bin", "windows", "barnabas.bat") : Path.Combine(context.Home, "bin", "barnabas"),
        Terminate = NativeProcess.Terminate,
        Environment = ClientEnvironment.ForProgram(new ToolLoggerFactory(LevelOf, context.Error, context.Time)) with { Time = context.Time },
        Output = context.Out,
        IsTerminal = context.IsTerminal,
    };

    // The pipeline's own outages are told line by line; the clients' view of them would bury that.
    private static LogLevel LevelOf(string logger) => logger.StartsWith("Barnabas.Client", StringComparison.Ordinal) ? LogLevel.Error : LogLevel.Warning;

    /// <summary>Turns failures of the pipeline's parts into one line.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error) when (error is FmsException or InvalidDataException)
        {
            throw new VerbException(error.Message);
        }
    }

    /// <summary>As <see cref="GuardAsync"/>, for what starts processes: a terminal that goes away must not leave them behind.</summary>
    public static Task<int> GuardProcessesAsync(VerbContext context, Func<CancellationToken, Task<int>> run) => GuardAsync(async () =>
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            stop.Cancel();
        });
        return await run(stop.Token);
    });

    /// <summary>A whole number within bounds.</summary>
    /// <exception cref="OptionException">It is none, or outside.</exception>
    public static int Number(OptionSet options, OptionSpec option, int least, int most)
    {
        var value = options.IntOf(option);
        return value >= least && value <= most
            ? value
            : throw new OptionException($"Invalid value for --{option.Names[0]}: it must be from {least.ToString(CultureInfo.InvariantCulture)} to {most.ToString(CultureInfo.InvariantCulture)}.");
    }

    /// <summary>Fails where there are words that belong to no option, beside those allowed.</summary>
    /// <exception cref="OptionException">There are.</exception>
    public static void ForbidWords(OptionSet options, params ReadOnlySpan<string> allowed)
    {
        foreach (var word in options.Words)
            if (!allowed.Contains(word))
                throw new OptionException($"{word} belongs to no option; --help lists them");
    }

    /// <summary>Addresses of brokers.</summary>
    public static IReadOnlyList<string> Servers(OptionSet options, OptionSpec option) =>
        options.Required(option).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The option that says where brokers are.</summary>
    public static OptionSpec BootstrapServer(OptionParser parser) =>
        parser.Value("bootstrap-server", "String: server(s)", "The brokers, as HOST1:PORT1,HOST2:PORT2.", "localhost:9092");
}
