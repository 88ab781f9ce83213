using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Stores;

/// <summary>A connector's view of the committed source offsets.</summary>
internal sealed class OffsetReader(string connector, IOffsetStore store) : IOffsetReader
{
    private readonly OffsetKeys _keys = new();

    public async Task<IReadOnlyList<IReadOnlyDictionary<string, object?>?>> ReadAsync(
        IReadOnlyList<IReadOnlyDictionary<string, object?>> partitions, CancellationToken cancellationToken)
    {
        var values = await store.GetAsync([.. partitions.Select(partition => _keys.Key(connector, partition))], cancellationToken);
        return [.. values.Select(_keys.Offset)];
    }
}
