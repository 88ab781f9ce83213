using System.Globalization;
using System.Text.RegularExpressions;

namespace Barnabas.Bench;

/// <summary>What the command line and the environment ask for.</summary>
internal sealed record BenchOptions
{
    public const string Usage = "usage: compare.sh [--rows REGEX] [--rounds N] [--quick] [--full] [--list] [--home DIR] [--results DIR] [--work DIR]";

    /// <summary>The distribution of Barnabas under test.</summary>
    public required string BarnabasHome { get; init; }

    /// <summary>The folder with Apache Kafka and the load generators.</summary>
    public required string Peers { get; init; }

    public required string ResultsFolder { get; init; }

    /// <summary>Where brokers keep their data; one fresh folder below it for each start.</summary>
    public required string WorkFolder { get; init; }

    public Regex Rows { get; init; } = new("");

    public int Rounds { get; init; } = 3;

    /// <summary>A fiftieth of the records and seconds: shows that the bench works, not how fast anything is.</summary>
    public bool Quick { get; init; }

    /// <summary>Every combination of size, partitions, acks and codec, rather than the chosen ones.</summary>
    public bool Full { get; init; }

    public bool List { get; init; }

    public static BenchOptions Parse(string[] args)
    {
        var values = new Dictionary<string, string>();
        var flags = new HashSet<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] is "--quick" or "--full" or "--list")
                flags.Add(args[i]);
            else if (args[i] is "--rows" or "--rounds" or "--home" or "--results" or "--work" or "--peers" && i + 1 < args.Length)
                values[args[i]] = args[++i];
            else
                throw new BenchException($"{args[i]} is not understood; {Usage}");
        }
        var rounds = 3;
        if (values.TryGetValue("--rounds", out var text) && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) || rounds < 1))
            throw new BenchException($"--rounds {text} is not a number from 1");
        var peers = values.GetValueOrDefault("--peers") ?? Environment.GetEnvironmentVariable("BARNABAS_PEERS");
        if (string.IsNullOrEmpty(peers) || !Directory.Exists(Path.Combine(peers, "kafka")))
            throw new BenchException("BARNABAS_PEERS does not name a folder with kafka and kbench");
        return new BenchOptions
        {
            BarnabasHome = Path.GetFullPath(Required(values, "--home")),
            Peers = Path.GetFullPath(peers),
            ResultsFolder = Path.GetFullPath(Required(values, "--results")),
            WorkFolder = Path.GetFullPath(values.GetValueOrDefault("--work") ?? Path.GetTempPath()),
            Rows = Pattern(values.GetValueOrDefault("--rows") ?? ""),
            Rounds = rounds,
            Quick = flags.Contains("--quick"),
            Full = flags.Contains("--full"),
            List = flags.Contains("--list"),
        };
    }

    /// <summary>A number of records or seconds, made small by --quick.</summary>
    public int Scale(int full, int atLeast = 1) => Quick ? Math.Max(atLeast, full / 50) : full;

    private static string Required(Dictionary<string, string> values, string name) =>
        values.TryGetValue(name, out var value) ? value : throw new BenchException($"{name} is missing; {Usage}");

    private static Regex Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException e)
        {
            throw new BenchException($"--rows: {e.Message}");
        }
    }
}
