using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Performance;

/// <summary>The options of kafka-e2e-latency; its arguments of old are options by their place.</summary>
internal sealed class EndToEndLatencyOptions
{
    private static readonly string[] Positions = ["--bootstrap-server", "--topic", "--num-records", "--producer-acks", "--record-size", "--command-config"];

    public EndToEndLatencyOptions()
    {
        var parser = Parser;
        BootstrapServer = parser.Value("bootstrap-server", "String: bootstrap-server", "REQUIRED: The servers to connect to, as HOST1:PORT1,HOST2:PORT2.");
        Topic = parser.Value("topic", "String: topic-name", "REQUIRED: The topic of the test.");
        Records = parser.Value("num-records", "Integer: count", "REQUIRED: How many records to send.");
        Acks = parser.Value("producer-acks", "String: producer-acks", "REQUIRED: Who has to have stored a record: 1 or all.");
        RecordSize = parser.Value("record-size", "Integer: bytes", "REQUIRED: The size of a record's value.");
        CommandConfig = parser.OptionalValue("command-config", "String: config-file", "A file of configurations of the clients.");
        KeySize = parser.OptionalValue("record-key-size", "Integer: bytes", "The size of a record's key; 0 for none.", "0");
        HeaderSize = parser.OptionalValue("record-header-size", "Integer: bytes", "The size of a header's value; -1 for none.", "0");
        HeaderKeySize = parser.OptionalValue("record-header-key-size", "Integer: bytes", "The size of a header's key.", "0");
        Headers = parser.OptionalValue("num-headers", "Integer: count", "How many headers a record has.", "0");
    }

    public OptionParser Parser { get; } = new("Measures how long records take from the producer to the consumer.");

    public OptionSpec BootstrapServer { get; }

    public OptionSpec Topic { get; }

    public OptionSpec Records { get; }

    public OptionSpec Acks { get; }

    public OptionSpec RecordSize { get; }

    public OptionSpec CommandConfig { get; }

    public OptionSpec KeySize { get; }

    public OptionSpec HeaderSize { get; }

    public OptionSpec HeaderKeySize { get; }

    public OptionSpec Headers { get; }

    /// <summary>Names the arguments that are given by their place.</summary>
    /// <exception cref="VerbException">There are too few or too many.</exception>
    public static IReadOnlyList<string> NamePositions(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Count == 0 || arguments.Any(argument => Positions[..5].Contains(argument)))
            return arguments;
        if (arguments.Count is not (5 or 6))
        {
            throw new VerbException($"Invalid number of arguments. Expected 5 or 6 positional arguments, but got {arguments.Count}. "
                + "Usage: bootstrap-server topic num-records producer-acks record-size [optional] command-config");
        }

        output.WriteLine("WARNING: Positional argument usage is deprecated and will be removed in Apache Kafka 5.0. "
            + $"Please use named arguments instead: {string.Join(", ", Positions)}");
        return [.. arguments.SelectMany((argument, at) => new[] { Positions[at], argument })];
    }

    /// <summary>Fails where options are missing or have impossible values.</summary>
    public void Check(OptionSet options)
    {
        options.Require(BootstrapServer, Topic, Records, Acks, RecordSize);
        if (options.Required(Acks) is not ("1" or "all"))
            throw new OptionException("Invalid value for --producer-acks. Latency testing requires synchronous acknowledgement. Please use '1' or 'all'.");
        foreach (var (option, least) in ((OptionSpec, int)[])[(Records, 1), (RecordSize, 0), (KeySize, 0), (HeaderKeySize, 0), (HeaderSize, -1), (Headers, 0)])
            if (options.IntOf(option) < least)
                throw new OptionException($"Invalid value for --{option.Names[0]}: it must be at least {least}.");
    }
}
