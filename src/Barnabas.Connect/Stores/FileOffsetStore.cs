using Barnabas.Connect.Errors;

namespace Barnabas.Connect.Stores;

/// <summary>Source offsets in a file, <c>offset.storage.file.filename</c>, for a standalone worker: Java's serialized map of byte arrays, as Kafka Connect writes it.</summary>
public sealed class FileOffsetStore(string path) : IOffsetStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ByteKey, byte[]> _values = [];

    /// <inheritdoc/>
    /// <exception cref="ConnectException">The file cannot be read.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return Task.CompletedTask;
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0) return Task.CompletedTask;
        foreach (var (key, value) in JavaByteMap.Read(bytes, path))
            if (value is not null) _values[new ByteKey(key)] = value;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<byte[]?>> GetAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<byte[]?>>([.. keys.Select(key => _values.GetValueOrDefault(new ByteKey(key)))]);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<KeyValuePair<byte[], byte[]?>>> GetAllAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<KeyValuePair<byte[], byte[]?>>>([.. _values.Select(pair => new KeyValuePair<byte[], byte[]?>(pair.Key.Bytes, pair.Value))]);
    }

    /// <inheritdoc/>
    public Task SetAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> values, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (var (key, value) in values)
            {
                if (value is null) _values.Remove(new ByteKey(key));
                else _values[new ByteKey(key)] = value;
            }

            // A worker killed in the middle keeps the old file.
            var next = path + ".tmp";
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                file.Write(JavaByteMap.Write(_values.Select(pair => (pair.Key.Bytes, (byte[]?)pair.Value)).ToList()));
                file.Flush(flushToDisk: true);
            }

            File.Move(next, path, overwrite: true);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync() => Task.CompletedTask;
}
