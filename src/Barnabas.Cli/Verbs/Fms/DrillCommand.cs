using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Drill;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Simulation;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>barnabas fms drill.</summary>
internal sealed class DrillCommand : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("usage: barnabas fms drill [OPTION...]\nTakes down the API, the broker (kill -9) and the database of a pipeline of its own, one after the other, and counts what was lost; ends with 1 where anything was.");
        var outage = parser.Value("outage", "Integer: seconds", "How long each outage lasts.", "3");
        var interval = parser.Value("interval-ms", "Integer: ms", "From one reading of a device to its next.", "50");
        var devices = parser.Value("devices", "Integer: count", "How many devices there are.", "5");
        var sqlite = parser.Flag("sqlite", "Take SQLite although PostgreSQL is installed.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return 0;
        FmsRun.ForbidWords(options);
        var drill = new DrillOptions
        {
            Outage = TimeSpan.FromSeconds(FmsRun.Number(options, outage, 1, 600)),
            Plant = new PlantOptions
            {
                Port = 0,
                ConnectPort = 0,
                SimulatorPort = 0,
                PrefersSqlite = options.Has(sqlite),
                CollectInterval = TimeSpan.FromMilliseconds(200),
                Simulator = new SimulatorOptions
                {
                    DeviceCount = FmsRun.Number(options, devices, 1, 100),
                    Interval = TimeSpan.FromMilliseconds(FmsRun.Number(options, interval, 10, 10_000)),
                },
            },
        };
        return await FmsRun.GuardProcessesAsync(context, async stop => await FmsDrill.RunAsync(FmsRun.World(context), drill, stop) ? 0 : 1);
    }
}
