using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Coordination.Runtime;

/// <summary>A dictionary whose changes go through a <see cref="RollbackLog"/>, so that a failed write takes them back.</summary>
/// <typeparam name="TKey">The key.</typeparam>
/// <typeparam name="TValue">The value.</typeparam>
public sealed class TimelineDictionary<TKey, TValue> : IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, TValue> _items = [];
    private readonly RollbackLog _rollback;

    /// <summary>An empty dictionary over <paramref name="rollback"/>.</summary>
    public TimelineDictionary(RollbackLog rollback) => _rollback = rollback;

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public IEnumerable<TKey> Keys => _items.Keys;

    /// <inheritdoc/>
    public IEnumerable<TValue> Values => _items.Values;

    /// <inheritdoc/>
    public TValue this[TKey key] => _items[key];

    /// <inheritdoc/>
    public bool ContainsKey(TKey key) => _items.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => _items.TryGetValue(key, out value);

    /// <summary>Sets <paramref name="key"/> to <paramref name="value"/>.</summary>
    public void Put(TKey key, TValue value)
    {
        if (_items.TryGetValue(key, out var previous))
            _rollback.Add(() => _items[key] = previous);
        else
            _rollback.Add(() => _items.Remove(key));
        _items[key] = value;
    }

    /// <summary>Removes <paramref name="key"/>, if present.</summary>
    /// <returns>Whether it was present.</returns>
    public bool Remove(TKey key)
    {
        if (!_items.Remove(key, out var previous))
            return false;

        _rollback.Add(() => _items[key] = previous);
        return true;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
