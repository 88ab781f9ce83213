using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Mqtt.Source;

/// <summary>Gives the messages of one MQTT session as records, and tells the session when each is in Kafka.</summary>
public sealed class MqttSourceTask : SourceTask
{
    // The worker pauses between polls.
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    private TimeProvider _time = TimeProvider.System;
    private string _topic = "";
    private MqttReceiver? _receiver;

    /// <inheritdoc/>
    public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var values = MqttSourceConnector.Definition.Parse(configs);
        _time = context.Time;
        _topic = values.GetString(MqttSourceConnector.TopicKey);
        _receiver = new MqttReceiver(
            MqttOptions.Of(values, context.ConnectorName, context.TaskNumber), values.GetList(MqttSourceConnector.FiltersKey), values.GetBoolean(MqttSourceConnector.CleanKey), _time, context.Logger);
        await _receiver.StartAsync().WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
    {
        if (_receiver!.Batches.TryRead(out var batch)) return RecordsOf(batch);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var arrival = _receiver.Batches.WaitToReadAsync(waiting.Token).AsTask();
        var pause = Task.Delay(LongestPoll, _time, waiting.Token);
        var first = await Task.WhenAny(arrival, pause);
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (first == arrival) await arrival;
        return _receiver.Batches.TryRead(out batch) ? RecordsOf(batch) : [];
    }

    /// <inheritdoc/>
    public override ValueTask CommitRecordAsync(SourceRecord record, RecordPlace? place)
    {
        _receiver!.Committed();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task StopAsync() => _receiver?.StopAsync() ?? Task.CompletedTask;

    private List<SourceRecord> RecordsOf(IReadOnlyList<MqttMessage> messages)
    {
        var timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. messages.Select(message => new SourceRecord
        {
            Topic = _topic,
            KeySchema = Schema.String,
            Key = message.Topic,
            ValueSchema = Schema.Bytes,
            Value = message.Payload,
            Timestamp = timestamp,
            Headers = new ConnectHeaders(HeadersOf(message)),
        })];
    }

    private static IEnumerable<ConnectHeader> HeadersOf(MqttMessage message)
    {
        yield return new ConnectHeader("mqtt.message.id", Schema.Int32, message.Id);
        yield return new ConnectHeader("mqtt.qos", Schema.Int32, message.Qos);
        yield return new ConnectHeader("mqtt.retained", Schema.Boolean, message.IsRetained);
        foreach (var (name, value) in message.Properties) yield return new ConnectHeader(name, Schema.String, value);
    }
}
