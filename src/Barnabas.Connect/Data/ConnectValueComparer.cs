namespace Barnabas.Connect.Data;

/// <summary>Equality of Connect's values by content: bytes, lists and maps too.</summary>
public sealed class ConnectValueComparer : IEqualityComparer<object?>
{
    private ConnectValueComparer()
    {
    }

    /// <summary>The one instance.</summary>
    public static ConnectValueComparer Instance { get; } = new();

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y) => ConnectValues.AreEqual(x, y);

    /// <inheritdoc/>
    public int GetHashCode(object? obj) => obj switch
    {
        null => 0,
        byte[] bytes => bytes.Length,
        IReadOnlyList<object?> list => list.Count,
        IReadOnlyDictionary<object, object?> map => map.Count,
        _ => obj.GetHashCode(),
    };
}
