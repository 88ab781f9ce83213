using System.Collections.Concurrent;
using Barnabas.Client;

namespace Barnabas.Connect.Stores;

/// <summary>Source offsets in the topic <c>offset.storage.topic</c>, shared by all workers.</summary>
public sealed class KafkaOffsetStore : IOffsetStore
{
    private readonly ConcurrentDictionary<ByteKey, byte[]> _values = new();
    private readonly KafkaLog _log;

    /// <summary>On a topic.</summary>
    public KafkaOffsetStore(KafkaLogOptions options, ClientEnvironment environment) => _log = new KafkaLog(options, OnRecord, environment);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _log.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<byte[]?>> GetAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        await _log.ReadToEndAsync(cancellationToken);
        return [.. keys.Select(key => _values.GetValueOrDefault(new ByteKey(key)))];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KeyValuePair<byte[], byte[]?>>> GetAllAsync(CancellationToken cancellationToken)
    {
        await _log.ReadToEndAsync(cancellationToken);
        return [.. _values.Select(pair => new KeyValuePair<byte[], byte[]?>(pair.Key.Bytes, pair.Value))];
    }

    /// <inheritdoc/>
    public Task SetAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> values, CancellationToken cancellationToken) =>
        Task.WhenAll(values.Select(pair => _log.SendAsync(pair.Key, pair.Value, cancellationToken)));

    /// <inheritdoc/>
    public Task StopAsync() => _log.StopAsync();

    private void OnRecord(byte[]? key, byte[]? value, long offset)
    {
        if (key is null) return;
        if (value is null) _values.TryRemove(new ByteKey(key), out _);
        else _values[new ByteKey(key)] = value;
    }
}
