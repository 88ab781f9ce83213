using Barnabas.Protocol;

namespace Barnabas.Broker.Requests;

/// <summary>The APIs of a node by key. Filled at start, then read only.</summary>
public sealed class ApiRegistry
{
    // Places are keys.
    private ApiHandler?[] _handlers = [];

    /// <summary>All handlers in the order of their keys.</summary>
    public IEnumerable<ApiHandler> Handlers => _handlers.OfType<ApiHandler>();

    /// <summary>Adds handlers.</summary>
    /// <exception cref="ArgumentException">Two handlers have one key.</exception>
    public void Add(params IEnumerable<ApiHandler> handlers)
    {
        foreach (var handler in handlers)
        {
            var key = (int)handler.Key;
            if (key >= _handlers.Length)
                Array.Resize(ref _handlers, key + 1);
            if (_handlers[key] is not null)
                throw new ArgumentException($"Two handlers for {handler.Key}", nameof(handlers));
            _handlers[key] = handler;
        }
    }

    internal ApiHandler? Find(short key, ListenerKind listener) =>
        (uint)key < (uint)_handlers.Length && _handlers[key] is { } handler && (handler.Listeners & listener) != 0 ? handler : null;
}
