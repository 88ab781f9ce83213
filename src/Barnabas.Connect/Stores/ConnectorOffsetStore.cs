namespace Barnabas.Connect.Stores;

/// <summary>
/// The offsets of a connector with a topic of its own (<c>offsets.storage.topic</c>): that topic says what is true, the
/// worker's is read for what was committed before, and follows.
/// </summary>
internal sealed class ConnectorOffsetStore(IOffsetStore own, IOffsetStore workers) : IOffsetStore
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<IReadOnlyList<byte[]?>> GetAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellationToken)
    {
        var first = await own.GetAsync(keys, cancellationToken);
        var second = await workers.GetAsync(keys, cancellationToken);
        return [.. first.Zip(second, (mine, theirs) => mine ?? theirs)];
    }

    public async Task<IReadOnlyList<KeyValuePair<byte[], byte[]?>>> GetAllAsync(CancellationToken cancellationToken)
    {
        var all = new Dictionary<ByteKey, byte[]?>();
        foreach (var (key, value) in await workers.GetAllAsync(cancellationToken)) all[new ByteKey(key)] = value;
        foreach (var (key, value) in await own.GetAllAsync(cancellationToken)) all[new ByteKey(key)] = value;
        return [.. all.Select(entry => KeyValuePair.Create(entry.Key.Bytes, entry.Value))];
    }

    public async Task SetAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> values, CancellationToken cancellationToken)
    {
        await own.SetAsync(values, cancellationToken);
        await workers.SetAsync(values, cancellationToken);
    }

    public Task StopAsync() => Task.CompletedTask;
}
