using System.Text;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Mqtt.Native;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Mqtt.Sink;

/// <summary>Publishes records, and takes the next when the server has acknowledged them.</summary>
public sealed class MqttSinkTask : SinkTask
{
    private readonly JsonConverter _json = JsonConverter.WithoutSchemas();
    private SinkTaskContext? _context;
    private MqttOptions? _options;
    private MqttPublisher? _publisher;
    private TimeSpan _timeout;
    private string _topic = "";
    private bool _isRetained;
    private bool _isClean;

    /// <inheritdoc/>
    public override async Task StartAsync(SinkTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var values = MqttSinkConnector.Definition.Parse(configs);
        _context = context;
        _options = MqttOptions.Of(values, context.ConnectorName, context.TaskNumber);
        _timeout = values.GetMilliseconds(MqttSinkConnector.TimeoutKey);
        _topic = values.GetString(MqttSinkConnector.TopicKey);
        _isRetained = values.GetBoolean(MqttSinkConnector.RetainedKey);
        _isClean = values.GetBoolean(MqttSinkConnector.CleanKey);
        try
        {
            await ConnectAsync(cancellationToken);
        }
        catch (MqttException error)
        {
            throw new ConnectException($"No MQTT server could be reached: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public override async Task PutAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0) return;
        using var limit = new CancellationTokenSource(_timeout, _context!.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (_publisher is null) await ConnectAsync(either.Token);
            foreach (var record in records) await PublishAsync(record);
            if (await _publisher!.AcknowledgedAsync(either.Token) is { } refusal)
                throw new ConnectException($"The MQTT server refused a message: {Mosquitto.Reason(refusal, _options!.IsVersion5)}");
        }
        catch (MqttException error)
        {
            Drop();
            throw new RetriableException($"Publishing over MQTT failed: {error.Message}", error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Drop();
            throw new RetriableException($"The MQTT server did not acknowledge within {_timeout}.");
        }
    }

    /// <inheritdoc/>
    public override Task StopAsync()
    {
        _publisher?.Disconnect();
        Drop();
        return Task.CompletedTask;
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        Mosquitto.Load();
        _publisher = await MqttPublisher.ConnectAsync(_options!, _isClean, _context!.Time, cancellationToken);
        MqttLog.Connected(_context.Logger, string.Join(", ", _options!.Servers), _options.ClientId);
    }

    private void Drop()
    {
        _publisher?.Dispose();
        _publisher = null;
    }

    private async Task PublishAsync(SinkRecord record)
    {
        var topic = _topic.Replace("${topic}", record.Topic, StringComparison.Ordinal).Replace("${key}", TextOf(record.Key), StringComparison.Ordinal);
        byte[] payload;
        try
        {
            if (topic.Length == 0 || topic.IndexOfAny(['+', '#', '\0']) >= 0) throw new DataException($"'{topic}' is not a topic that MQTT can publish to.");
            payload = PayloadOf(record);
        }
        catch (DataException error)
        {
            if (_context!.Errants is null) throw;
            await _context.Errants.ReportAsync(record, error);
            return;
        }

        _publisher!.Publish(topic, payload, _options!.Qos, _isRetained, record.Headers
            .Where(header => !header.Key.StartsWith("mqtt.", StringComparison.Ordinal) && header.Value is not null).Select(header => (header.Key, TextOf(header.Value))));
    }

    private byte[] PayloadOf(SinkRecord record) => record.Value switch
    {
        null => [],
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        _ => _json.FromConnectData(record.Topic, record.Headers, record.ValueSchema, record.Value)!,
    };

    private static string TextOf(object? value) => value switch
    {
        null => "",
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        _ => ValueText.Of(value),
    };
}
