using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Example.Counter;

/// <summary>Gives the next number at each interval; the offset says which was the last.</summary>
public sealed class CounterTask : SourceTask
{
    private static readonly Dictionary<string, object?> Counter = new() { ["counter"] = "main" };
    private ConfigValues? _values;
    private SourceTaskContext? _context;
    private long _last;

    public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        (_context, _values) = (context, CounterConnector.Keys.Parse(configs));
        _last = (await context.Offsets.ReadAsync([Counter], cancellationToken))[0]?["last"] as long? ?? 0;
    }

    public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(_values!.GetMilliseconds("interval.ms"), _context!.Time, cancellationToken);
        _last++;
        return [new SourceRecord { Topic = _values.GetString("topic"), ValueSchema = Schema.Int64, Value = _last, SourcePartition = Counter, SourceOffset = new Dictionary<string, object?> { ["last"] = _last } }];
    }
}
