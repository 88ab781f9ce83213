namespace Barnabas.Broker.Requests;

/// <summary>Which listeners serve an API.</summary>
[Flags]
public enum ListenerKind
{
    /// <summary>Listeners that clients and brokers use.</summary>
    Broker = 1,

    /// <summary>Listeners of the controller quorum (controller.listener.names).</summary>
    Controller = 2,

    /// <summary>Both.</summary>
    Any = Broker | Controller,
}
