using Barnabas.Connect.Tests.Support;
using Barnabas.Testing;

namespace Barnabas.Connect.Tests;

/// <summary>A connector that bounds its transactions itself (KIP-618): <c>transaction.boundary=connector</c>.</summary>
public sealed class TransactionBoundaryTests : IAsyncLifetime
{
    // Ten numbers a poll. 0..2 are committed after 2; 3..5 dropped after 5; 6..9 and 10..12 committed with the batch's end after a
    // commit in the next poll; what is open at the end is not there for read_committed.
    private const string Code = """
        using Barnabas.Connect.Config;
        using Barnabas.Connect.Data;
        using Barnabas.Connect.Records;
        using Barnabas.Connect.Sdk;

        namespace Bounded;

        public sealed class BoundedConnector : SourceConnector
        {
            public override string Version => "1";
            public override ConfigDef Config { get; } = new();
            public override ConnectTask NewTask() => new BoundedTask();
            public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken) => Task.CompletedTask;
            public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [new Dictionary<string, string>()];
            public override bool? SupportsExactlyOnce(IReadOnlyDictionary<string, string> configs) => true;
            public override bool CanDefineTransactionBoundaries(IReadOnlyDictionary<string, string> configs) => true;
        }

        public sealed class BoundedTask : SourceTask
        {
            private static readonly Dictionary<string, object?> Part = new() { ["part"] = "one" };
            private SourceTaskContext? _context;
            private long _next;

            public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
            {
                _context = context;
                _next = (await context.Offsets.ReadAsync([Part], cancellationToken))[0]?["next"] as long? ?? 0;
            }

            public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
            {
                if (_next >= 20) await Task.Delay(Timeout.Infinite, cancellationToken);
                var records = new List<SourceRecord>();
                for (var i = 0; i < 10; i++)
                {
                    var record = new SourceRecord { Topic = "numbers", ValueSchema = Schema.Int64, Value = _next, SourcePartition = Part, SourceOffset = new Dictionary<string, object?> { ["next"] = ++_next } };
                    records.Add(record);
                    if (_next - 1 is 2 or 12) _context!.Transactions!.CommitTransaction(record);
                    if (_next - 1 == 5) _context!.Transactions!.AbortTransaction(record);
                }
                return records;
            }
        }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-boundary-").FullName;
    private TestBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        PluginTests.Compile(Code, Path.Combine(_folder, "plugins", "Bounded.dll"));
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Transactions_end_where_the_connector_says_and_a_restart_goes_on_behind_the_last()
    {
        await using (var worker = await JoinAsync("enabled"))
        {
            await worker.CreateAsync("c", ("connector.class", "Bounded.BoundedConnector"), ("exactly.once.support", "required"), ("transaction.boundary", "connector"), ("value.converter", "org.apache.kafka.connect.converters.LongConverter"));
            Assert.Equal([0, 1, 2, 6, 7, 8, 9, 10, 11, 12], await worker.ReadCommittedNumbersAsync("numbers", 10));
            Assert.Equal(13, (int)(await worker.GetAsync("/connectors/c/offsets")).Body!["offsets"]![0]!["offset"]!["next"]!);
        }

        // 13..19 were never committed: the task reads them again, with three more, and leaves them open again.
        await using var second = await JoinAsync("enabled");
        await second.AwaitStateAsync("c", "RUNNING");
        Assert.Equal([0, 1, 2, 6, 7, 8, 9, 10, 11, 12], await second.ReadCommittedNumbersAsync("numbers", 10));
    }

    [Fact]
    public async Task A_worker_that_prepares_does_not_offer_it_yet_but_writes_its_configurations_in_transactions()
    {
        await using var worker = await JoinAsync("preparing");
        var (status, body) = await worker.SendAsync(HttpMethod.Put, "/connectors/c/config", """{"connector.class":"Bounded.BoundedConnector","exactly.once.support":"required","transaction.boundary":"connector"}""");
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, status);
        Assert.Contains("This worker does not have exactly-once source support enabled.", (string?)body!["message"], StringComparison.Ordinal);
        var input = Path.Combine(_folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(input, "one\n", TestContext.Current.CancellationToken);
        await worker.CreateAsync("f", ("connector.class", "FileStreamSource"), ("file", input), ("topic", "lines"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        Assert.Equal(["one"], await worker.ReadAsync("lines", 1));
        Assert.Equal(["connect-cluster-connect-cluster"], await worker.TransactionalIdsAsync());

        // One after the other goes over, as in a rolling upgrade: what the one still does without transactions, the other does in them.
        await using var enabled = await JoinAsync("enabled");
        await enabled.CreateAsync("g", ("connector.class", "FileStreamSource"), ("file", input), ("topic", "more"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        Assert.Equal(["one"], await enabled.ReadAsync("more", 1));
    }

    private Task<TestWorker> JoinAsync(string support) => TestWorker.JoinAsync(
        _broker, _folder, new Dictionary<string, string> { ["exactly.once.source.support"] = support, ["plugin.path"] = Path.Combine(_folder, "plugins") });
}
