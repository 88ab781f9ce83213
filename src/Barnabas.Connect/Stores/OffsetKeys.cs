using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Stores;

/// <summary>Source offsets as bytes: the key is <c>["connector",{partition}]</c>, the value <c>{offset}</c>, both plain JSON. For one thread.</summary>
internal sealed class OffsetKeys
{
    private readonly JsonConverter _json = JsonConverter.WithoutSchemas();

    public byte[] Key(string connector, IReadOnlyDictionary<string, object?> partition) =>
        _json.FromConnectData("", ConnectHeaders.Empty, null, new List<object?> { connector, MapOf(partition) })!;

    public byte[]? Value(IReadOnlyDictionary<string, object?>? offset) =>
        offset is null ? null : _json.FromConnectData("", ConnectHeaders.Empty, null, MapOf(offset));

    public IReadOnlyDictionary<string, object?>? Offset(byte[]? value) => Names(_json.ToConnectData("", ConnectHeaders.Empty, value).Value);

    /// <summary>The connector and partition of a key; null for bytes that are no such key.</summary>
    public (string Connector, IReadOnlyDictionary<string, object?> Partition)? Parse(byte[] key)
    {
        try
        {
            return _json.ToConnectData("", ConnectHeaders.Empty, key).Value is List<object?> { Count: 2 } pair && pair[0] is string connector && Names(pair[1]) is { } partition
                ? (connector, partition)
                : null;
        }
        catch (DataException)
        {
            return null;
        }
    }

    private static IReadOnlyDictionary<string, object?>? Names(object? value) =>
        value is IReadOnlyDictionary<object, object?> map ? map.ToDictionary(pair => (string)pair.Key, pair => pair.Value) : null;

    private static Dictionary<object, object?> MapOf(IReadOnlyDictionary<string, object?> names) => names.ToDictionary(pair => (object)pair.Key, pair => pair.Value);
}
