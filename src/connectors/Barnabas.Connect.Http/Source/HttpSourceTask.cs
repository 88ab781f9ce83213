using Barnabas.Connect.Errors;
using Barnabas.Connect.Http.Requests;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Http.Source;

/// <summary>Asks its entities side by side, each at its interval; one that does not answer holds up no other.</summary>
public sealed class HttpSourceTask : SourceTask
{
    // The worker commits offsets and pauses between polls.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private readonly List<EntityPoll> _polls = [];
    private readonly Dictionary<Task<IReadOnlyList<SourceRecord>>, EntityPoll> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private TimeProvider _time = TimeProvider.System;
    private HttpEndpoint? _endpoint;
    private SemaphoreSlim? _slots;

    /// <inheritdoc/>
    public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var config = new HttpSourceConfig(configs);
        _time = context.Time;
        _endpoint = new HttpEndpoint(config.Values, config.Headers, _time, context.Logger);
        _slots = new SemaphoreSlim(config.Values.GetInt("max.concurrent.requests"));
        var values = new ValueReader(config);
        List<string> entities = config.Entities.Count == 0 ? [""] : [.. config.Entities];
        var offsets = await context.Offsets.ReadAsync([.. entities.Select(EntityPoll.PartitionOf)], cancellationToken);
        for (var i = 0; i < entities.Count; i++)
            _polls.Add(new EntityPoll(config, _endpoint, values, entities[i], RecordOffset.Of(offsets[i]), _slots, _time, context.Logger));
        foreach (var poll in _polls) Begin(poll);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(LongestPoll, _time, waiting.Token);
        await Task.WhenAny([pause, .. _running.Keys]);
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        var records = new List<SourceRecord>();
        foreach (var (task, poll) in _running.Where(entry => entry.Key.IsCompleted).OrderBy(entry => entry.Key.IsFaulted).ToList())
        {
            // What others have read goes first; the failure is met again at the next poll.
            if (task.IsFaulted && records.Count > 0) break;
            _running.Remove(task);
            records.AddRange(await task);
            Begin(poll);
        }

        return records;
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_running.Keys);
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectException)
        {
            // Either it was stopped, or its failure is no longer asked for.
        }

        _endpoint?.Dispose();
        _slots?.Dispose();
        _stopping.Dispose();
    }

    private void Begin(EntityPoll poll) => _running[poll.RunAsync(_stopping.Token)] = poll;
}
