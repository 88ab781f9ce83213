using System.Runtime.InteropServices;
using Barnabas.Bench;
using Barnabas.Bench.Limits;
using Barnabas.Bench.Results;
using Barnabas.Bench.Rows;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
// Brokers run in process groups of their own: they end with the bench, however it is told to end.
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});
try
{
    var options = BenchOptions.Parse(args);
    var rows = RowCatalog.Select(options);
    if (options.List)
    {
        foreach (var row in rows)
            Console.WriteLine(row.Name);
        return 0;
    }
    var results = new ResultSet(options, await MachineLimits.MeasureAsync(options.WorkFolder));
    var status = 0;
    try
    {
        await new Runner(options, results).RunAsync(rows, stop.Token);
    }
    catch (OperationCanceledException)
    {
        Console.Error.WriteLine($"bench: interrupted in round {results.RoundsDone + 1}; what was measured follows");
        status = 130;
    }
    TableWriter.Write(results, Console.Out);
    ResultFiles.Write(results, options.ResultsFolder);
    return status == 0 && results.Failures.Count > 0 ? 1 : status;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("bench: interrupted");
    return 130;
}
catch (BenchException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 2;
}
