using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Simulation;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>The options of the simulated factory.</summary>
internal sealed class SimulatorOptionSet(OptionParser parser)
{
    private const string SensorsVariable = "BARNABAS_SENSORS";

    private readonly OptionSpec _devices = parser.Value("devices", "Integer: count", "Devices 1 to this.", "5");
    private readonly OptionSpec _interval = parser.Value("interval-ms", "Integer: ms", "From one reading of a device to its next.", "1000");
    private readonly OptionSpec _sensors = parser.Value("sensors", "String: directory", $"CSV files to replay; not given: {SensorsVariable}, and where that is not set readings are made up.");
    private readonly OptionSpec _seed = parser.Value("seed", "Integer: seed", "Makes the made-up readings repeatable.", "1");

    /// <exception cref="OptionException">A value is not valid.</exception>
    public SimulatorOptions Read(OptionSet options)
    {
        var folder = options.ValueOf(_sensors) ?? (Environment.GetEnvironmentVariable(SensorsVariable) is { Length: > 0 } variable && Directory.Exists(variable) ? variable : null);
        if (folder is not null && !Directory.Exists(folder))
            throw new OptionException($"Invalid value for --sensors: {folder} (No such directory)");
        return new SimulatorOptions
        {
            DeviceCount = FmsRun.Number(options, _devices, 1, 10_000),
            Interval = TimeSpan.FromMilliseconds(FmsRun.Number(options, _interval, 10, 3_600_000)),
            SensorFolder = folder,
            Seed = options.IntOf(_seed),
        };
    }
}
