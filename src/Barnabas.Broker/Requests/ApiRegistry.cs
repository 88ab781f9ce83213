using Barnabas.Protocol;

namespace Barnabas.Broker.Requests;

/// <summary>The APIs of a node by key. Filled at start, then read only.</summary>
public sealed class ApiRegistry
{
    private readonly SortedDictionary<short, ApiHandler> _byKey = [];
    private ApiHandler?[] _handlers = [];

    /// <summary>All handlers in the order of their keys.</summary>
    public IReadOnlyCollection<ApiHandler> Handlers => _byKey.Values;

    /// <summary>Adds handlers.</summary>
    /// <exception cref="ArgumentException">Two handlers have one key.</exception>
    public void Add(params IEnumerable<ApiHandler> handlers)
    {
        foreach (var handler in handlers)
        {
            if (!_byKey.TryAdd((short)handler.Key, handler))
                throw new ArgumentException($"Two handlers for {handler.Key}", nameof(handlers));
        }
        var last = _byKey.Keys.Max();
        _handlers = new ApiHandler?[last + 1];
        foreach (var (key, handler) in _byKey)
            _handlers[key] = handler;
    }

    internal ApiHandler? Find(short key, ListenerKind listener) =>
        (uint)key < (uint)_handlers.Length && _handlers[key] is { } handler && (handler.Listeners & listener) != 0 ? handler : null;
}
