using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Connect.Jdbc.Source;

/// <summary>A row's offset as the worker has it. Nearly all are never looked at: only the last before a commit is, and it becomes a map then.</summary>
internal sealed class RowOffset(TableOffset offset) : IReadOnlyDictionary<string, object?>
{
    private Dictionary<string, object?>? _map;

    public int Count => Map.Count;

    public IEnumerable<string> Keys => Map.Keys;

    public IEnumerable<object?> Values => Map.Values;

    public object? this[string key] => Map[key];

    private Dictionary<string, object?> Map => _map ??= offset.ToMap();

    public bool ContainsKey(string key) => Map.ContainsKey(key);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out object? value) => Map.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Map.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
