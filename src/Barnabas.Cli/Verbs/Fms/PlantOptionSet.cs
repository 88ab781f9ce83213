using Barnabas.Cli.Framework.Options;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Storing;

namespace Barnabas.Cli.Verbs.Fms;

/// <summary>The options of a whole pipeline.</summary>
internal sealed class PlantOptionSet(OptionParser parser)
{
    private readonly OptionSpec _port = parser.Value("port", "Integer: port", "The node's port; 0 takes one that is free.", "9092");
    private readonly OptionSpec _connectPort = parser.Value("connect-port", "Integer: port", "The port of Kafka Connect's REST API; 0 takes one that is free.", "8083");
    private readonly OptionSpec _simulatorPort = parser.Value("simulator-port", "Integer: port", "The simulator's port; 0 takes one that is free.", "8000");
    private readonly OptionSpec _data = parser.Value("data", "String: directory", "Where the node's data is kept; not given: in a temporary folder.");
    private readonly OptionSpec _database = parser.Value("database", "String: url", "jdbc:postgresql://HOST:PORT/NAME or jdbc:sqlite:FILE; not given: PostgreSQL of its own, or SQLite where that is not installed.");
    private readonly OptionSpec _user = parser.Value("database-user", "String: user", "The user for --database.");
    private readonly OptionSpec _password = parser.Value("database-password", "String: password", "That user's password.");
    private readonly OptionSpec _sqlite = parser.Flag("sqlite", "Take SQLite although PostgreSQL is installed.");
    private readonly OptionSpec _collect = parser.Value("collect-interval-ms", "Integer: ms", "How often the API is asked.", "1000");
    private readonly OptionSpec _keyword = parser.Value("keyword", "String: keyword", "What the filter lets through; may be given again.", "CRITICAL");
    private readonly SimulatorOptionSet _simulator = new(parser);

    /// <exception cref="OptionException">A value is not valid.</exception>
    public PlantOptions Read(OptionSet options)
    {
        var url = options.ValueOf(_database);
        var store = url is null ? null : new SensorStore(url, options.ValueOf(_user), options.ValueOf(_password));
        if (store is { IsKnown: false })
            throw new OptionException("Invalid value for --database: it must begin with jdbc:postgresql: or jdbc:sqlite:");
        if (options.ValuesOf(_keyword).Any(string.IsNullOrEmpty))
            throw new OptionException("Invalid value for --keyword: it must not be empty");
        const int highestPort = 65_535;
        return new PlantOptions
        {
            Port = FmsRun.Number(options, _port, 0, highestPort),
            ConnectPort = FmsRun.Number(options, _connectPort, 0, highestPort),
            SimulatorPort = FmsRun.Number(options, _simulatorPort, 0, highestPort),
            DataFolder = options.ValueOf(_data),
            Store = store,
            PrefersSqlite = options.Has(_sqlite),
            Simulator = _simulator.Read(options),
            CollectInterval = TimeSpan.FromMilliseconds(FmsRun.Number(options, _collect, 10, 3_600_000)),
            Keywords = options.ValuesOf(_keyword),
        };
    }
}
