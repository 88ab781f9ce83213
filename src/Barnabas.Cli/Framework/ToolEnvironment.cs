using Barnabas.Cli.Logging;
using Barnabas.Client;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Framework;

/// <summary>What the clients inside tools take from the world: sockets, the clock, and a log on the standard error.</summary>
internal static class ToolEnvironment
{
    private const string LogConfig = "tools-log4j";

    public static ClientEnvironment Of(VerbContext context) => ClientEnvironment.ForProgram(Loggers(context)) with { Time = context.Time };

    /// <summary>Loggers with the levels of <c>config/tools-log4j2.yaml</c>; warnings where there is no such file.</summary>
    public static ILoggerFactory Loggers(VerbContext context)
    {
        var folder = Path.Combine(context.Home, "config");
        var levels = File.Exists(Path.Combine(folder, LogConfig + "2.yaml")) || File.Exists(Path.Combine(folder, LogConfig + ".properties"))
            ? LogLevels.Load(folder, LogConfig)
            : null;
        return new ToolLoggerFactory(name => levels?.Of(name) ?? LogLevel.Warning, context.Error, context.Time);
    }
}
