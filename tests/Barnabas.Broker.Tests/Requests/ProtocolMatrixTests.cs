using System.Globalization;
using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;

namespace Barnabas.Broker.Tests.Requests;

/// <summary>The README's table of protocol keys and versions is what a node answers to ApiVersions. BARNABAS_UPDATE=1 writes it anew.</summary>
public sealed class ProtocolMatrixTests
{
    private const string Begin = "<!-- protocol keys: written by ProtocolMatrixTests -->";
    private const string End = "<!-- end of protocol keys -->";
    private const int Columns = 4;
    private const int Port = 9092;

    private static readonly (string, string)[] WithMetrics =
    [
        ("barnabas.metrics.listener", "localhost:0"), ("listeners", $"PLAINTEXT://localhost:{Port},CONTROLLER://localhost:{Port + 1}"), ("advertised.listeners", $"PLAINTEXT://localhost:{Port}"),
    ];

    [Fact]
    public async Task The_table_in_the_README_is_what_a_node_serves()
    {
        var path = Path.Combine(Root(), "README.md");
        var readme = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        var (from, to) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, "README.md has lost the marks around its table of protocol keys");
        var table = await TableAsync();
        if (Environment.GetEnvironmentVariable("BARNABAS_UPDATE") == "1")
            await File.WriteAllTextAsync(path, readme[..(from + Begin.Length)] + "\n" + table + readme[to..], TestContext.Current.CancellationToken);
        else
            Assert.True(readme[(from + Begin.Length + 1)..to] == table, "README.md's table of protocol keys is old: run this test with BARNABAS_UPDATE=1");
    }

    [Fact]
    public async Task A_node_as_it_comes_serves_clients_the_keys_and_versions_of_Apache_Kafka()
    {
        await using var broker = await Brokers.StartAsync();
        var served = await ServedAsync(broker, null);
        Assert.Equal(await KafkasAsync(), served.Select(a => Text(a.ApiKey, a.MinVersion, a.MaxVersion)));
    }

    private static async Task<string> TableAsync()
    {
        await using var broker = await Brokers.StartAsync(WithMetrics);
        var served = await ServedAsync(broker, null);
        var kafkas = (await KafkasAsync()).ToHashSet();
        var cells = served.ConvertAll(a => $"{a.ApiKey} {ApiCatalog.Get((ApiKey)a.ApiKey).Name} {(a.MinVersion == a.MaxVersion ? $"{a.MinVersion}" : $"{a.MinVersion}-{a.MaxVersion}")}");
        var text = new StringBuilder();
        text.Append('|').Append(string.Concat(Enumerable.Repeat(" key, API, versions |", Columns))).Append('\n');
        text.Append('|').Append(string.Concat(Enumerable.Repeat("---|", Columns))).Append('\n');
        foreach (var row in cells.Chunk(Columns))
            text.Append("| ").Append(string.Join(" | ", row.Concat(Enumerable.Repeat("", Columns - row.Length)))).Append(" |\n");

        var mine = served.ConvertAll(a => Text(a.ApiKey, a.MinVersion, a.MaxVersion));
        text.Append(CultureInfo.InvariantCulture, $"\nApache Kafka 4.3.1 serves {kafkas.Count} keys to clients, {mine.Count(kafkas.Contains)} of them as here. ")
            .Append("Here and not there: ").Append(Listed(mine.Where(line => !kafkas.Contains(line)).Select(Name)))
            .Append(". There and not here: ").Append(Listed(kafkas.Where(line => !mine.Contains(line)).Select(Name))).Append(".\n");
        var onController = (await ServedAsync(broker, Port + 1)).Select(a => (ApiKey)a.ApiKey).ToHashSet();
        var kafkasController = ApiCatalog.All.Where(a => a.Listeners.HasFlag(ApiListeners.Controller)).OrderBy(a => a.Key).ToList();
        text.Append(CultureInfo.InvariantCulture, $"On controller listeners {onController.Count} keys are served, of Kafka's {kafkasController.Count}. Not here: ")
            .Append(Listed(kafkasController.Where(a => !onController.Contains(a.Key)).Select(a => a.Name))).Append(".\n");
        return text.ToString();
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names) is { Length: > 0 } list ? list : "none";

    private static string Name(string line) => line.Split(' ')[1];

    private static string Text(short key, short lowest, short highest) => string.Create(CultureInfo.InvariantCulture, $"{key} {ApiCatalog.Get((ApiKey)key).Name} {lowest} {highest}");

    private static async Task<string[]> KafkasAsync()
    {
        var path = Path.Combine(Root(), "tests", "Barnabas.Broker.Tests", "Requests", "kafka-4.3.1-api-versions.txt");
        return [.. (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Where(line => !line.StartsWith('#'))];
    }

    private static async Task<List<ApiVersionsResponse.ApiVersion>> ServedAsync(TestBroker broker, int? port)
    {
        await using var raw = port is { } other ? await RawClient.ConnectAsync(broker, other) : await RawClient.ConnectAsync(broker);
        var response = await raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }, 4);
        return [.. response.ApiKeys.OrderBy(a => a.ApiKey)];
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Barnabas.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no Barnabas.slnx above the tests");
        return folder.FullName;
    }
}
