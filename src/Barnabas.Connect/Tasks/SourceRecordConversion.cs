using Barnabas.Client.Producer;
using Barnabas.Connect.Data;
using Barnabas.Connect.ErrorHandling;
using Barnabas.Connect.Records;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tasks;

/// <summary>Makes of what a source task gave what goes to Kafka: transforms, converters, missing topics. For one task, on its loop.</summary>
internal sealed class SourceRecordConversion
{
    private readonly HashSet<string> _topics = [];
    private readonly ConnectorTaskId _id;
    private readonly SourceTaskSetup _setup;
    private readonly Action<string> _uses;
    private readonly ILogger _logger;
    private readonly string _converterName;
    private readonly Func<ConnectRecord, ConnectRecord?> _transform;
    private readonly Func<ConnectRecord, Boxed?> _convert;

    public SourceRecordConversion(ConnectorTaskId id, SourceTaskSetup setup, Action<string> uses, ILogger logger)
    {
        _id = id;
        _setup = setup;
        _uses = uses;
        _logger = logger;
        _converterName = setup.Pipeline.ValueConverter.GetType().FullName!;
        _transform = record => setup.Pipeline.Transforms.Apply(record);
        _convert = Convert;
    }

    /// <summary>The record for Kafka; null for one that a transform or a tolerated error has dropped.</summary>
    public async ValueTask<ProducerRecord<byte[]?, byte[]?>?> ConvertAsync(SourceRecord record, CancellationToken cancellationToken)
    {
        var operation = _setup.Tolerance;
        var changed = record as ConnectRecord;
        if (!_setup.Pipeline.Transforms.IsEmpty)
        {
            changed = await operation.ExecuteAsync(ErrorStage.Transformation, "transforms", record, _transform, cancellationToken);
            if (operation.Failure is not null || changed is null)
            {
                LogDropped();
                return null;
            }
        }

        var converted = await operation.ExecuteAsync(ErrorStage.ValueConverter, _converterName, changed!, _convert, cancellationToken);
        if (converted is null)
        {
            LogDropped();
            return null;
        }

        if (_topics.Add(changed!.Topic))
        {
            _uses(changed.Topic);
            await _setup.Topics.EnsureAsync(changed.Topic, cancellationToken);
        }

        return converted.Value;
    }

    private void LogDropped()
    {
        if (_setup.Tolerance.Failure is { } failure && _setup.Errors.IsLogged)
            TaskLog.RecordSkipped(_logger, _id, ErrorStages.NameOf(failure.Stage), failure.PluginName, failure.Error.Message);
    }

    private Boxed? Convert(ConnectRecord record)
    {
        var headers = record.Headers.Count == 0 ? null : record.Headers
            .Select(header => new RecordHeader(header.Key, Memory(_setup.Pipeline.HeaderConverter.FromConnectHeader(record.Topic, header.Key, header.Schema, header.Value)))).ToList();
        var key = _setup.Pipeline.KeyConverter.FromConnectData(record.Topic, record.Headers, record.KeySchema, record.Key);
        var value = _setup.Pipeline.ValueConverter.FromConnectData(record.Topic, record.Headers, record.ValueSchema, record.Value);
        return new Boxed(new ProducerRecord<byte[]?, byte[]?>(record.Topic, key, value) { Partition = record.Partition, Timestamp = record.Timestamp, Headers = headers });
    }

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes)
    {
        if (bytes is null) return null;
        return bytes;
    }

    private sealed record Boxed(ProducerRecord<byte[]?, byte[]?> Value);
}
