namespace Barnabas.Protocol;

/// <summary>The kinds of listener that serve an API.</summary>
[Flags]
public enum ApiListeners
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Listeners of brokers.</summary>
    Broker = 1,

    /// <summary>Listeners of controllers.</summary>
    Controller = 2,
}
