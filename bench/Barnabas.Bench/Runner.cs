using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Bench.Results;
using Barnabas.Bench.Rows;
using Barnabas.Bench.Systems;

namespace Barnabas.Bench;

/// <summary>
/// Runs rows in rounds: Barnabas, Apache Kafka, Barnabas, ... one broker at a time, each on a fresh folder and warmed up.
/// A row that fails is reported and does not stop the others.
/// </summary>
internal sealed class Runner(BenchOptions options, ResultSet results)
{
    public async Task RunAsync(IReadOnlyList<IRow> rows, CancellationToken cancellationToken)
    {
        SystemUnderTest[] systems =
        [
            new SystemUnderTest(Side.Barnabas, "Barnabas", options.BarnabasHome),
            new SystemUnderTest(Side.Kafka, "Apache Kafka", Path.Combine(options.Peers, "kafka")),
        ];
        results.Declare(rows);
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var system in systems)
            {
                var mine = rows.Where(row => row.RunsOn(system.Side)).ToList();
                await RunSharedAsync(system, round, mine.FindAll(row => !row.NeedsOwnBroker), cancellationToken);
                foreach (var row in mine.FindAll(row => row.NeedsOwnBroker))
                    await RunOneAsync(row, new RowContext(options, results, system, round, null, cancellationToken));
            }
            results.RoundsDone = round;
        }
    }

    private async Task RunSharedAsync(SystemUnderTest system, int round, List<IRow> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return;
        await using var broker = await BrokerProcess.StartAsync(system, options.WorkFolder, [], cancellationToken);
        await WarmUp.RunAsync(options, broker, cancellationToken);
        foreach (var row in rows)
            await RunOneAsync(row, new RowContext(options, results, system, round, broker, cancellationToken));
    }

    private async Task RunOneAsync(IRow row, RowContext context)
    {
        if (!options.Quick)
        {
            PageCache.WriteAll();
            FreeMemory.Touch(FreeMemory.OfARow);
        }

        var begin = Stopwatch.GetTimestamp();
        string end;
        try
        {
            await row.RunAsync(context with { Row = row });
            end = "done";
        }
        catch (Exception e) when (e is not OperationCanceledException || !context.Cancellation.IsCancellationRequested)
        {
            end = e.Message;
            results.Failures.Add($"{row.Name} on {context.System.Name}, round {context.Round}: {e.Message}");
        }
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"round {context.Round}  {context.System.Name,-12}  {row.Name,-44}  {Stopwatch.GetElapsedTime(begin).TotalSeconds,6:F1} s  {end}"));
    }
}
