using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Client.Admin;

namespace Barnabas.Bench.Rows;

/// <summary>1,000 topics created, one request each, and deleted again, by one client.</summary>
internal sealed class ManyTopicsRow : IRow
{
    public string Name => "topics/1000";

    public IReadOnlyList<Figure> Figures { get; } = [new("created", "s", Goal.Max(0.3)), new("deleted", "s", Goal.Max(0.3))];

    public bool NeedsOwnBroker => true;

    public async Task RunAsync(RowContext context)
    {
        await using var broker = await context.StartBrokerAsync();
        await using var admin = Topics.Admin(broker);
        var count = context.Options.Scale(1000, 20);
        var names = Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"many-{i}")).ToList();
        var begin = Stopwatch.GetTimestamp();
        foreach (var name in names)
        {
            var created = await admin.CreateTopicsAsync([new NewTopic { Name = name, PartitionCount = 1, ReplicationFactor = 1 }], cancellationToken: context.Cancellation);
            if (created[name].Error is { } error)
                throw error;
        }
        context.Report("created", Stopwatch.GetElapsedTime(begin).TotalSeconds);
        begin = Stopwatch.GetTimestamp();
        foreach (var name in names)
        {
            if ((await admin.DeleteTopicsAsync([name], cancellationToken: context.Cancellation))[name].Error is { } error)
                throw error;
        }
        context.Report("deleted", Stopwatch.GetElapsedTime(begin).TotalSeconds);
    }
}
