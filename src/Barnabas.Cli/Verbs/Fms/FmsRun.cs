using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Server;
using Barnabas.Fms.Machinery;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>What the commands of the pipeline have in common.</summary>
internal static class FmsRun
{
    /// <summary>What the pipeline takes from this program.</summary>
    public static FmsWorld World(VerbContext context) => new()
    {
        Launcher = OperatingSystem.IsWindows() ? Path.Combine(context.Home, "bin", "windows", "barnabas.bat") : Path.Combine(context.Home, "bin", "barnabas"),
        Terminate = NativeProcess.Terminate,
        Environment = ToolEnvironment.Of(context),
        Output = context.Out,
        IsTerminal = context.IsTerminal,
    };

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
