namespace Barnabas.Transport.Server;

/// <summary>What a listener serves. Entered once per frame, in the order of the connection's frames, on its read loop; connections run in parallel.</summary>
public interface IFrameHandler
{
    /// <summary>
    /// Handles one request and owns <paramref name="frame"/> from the call on. What must happen in request order happens before the first await;
    /// a handler that waits does not keep the next frame from being entered, but responses leave in request order.
    /// </summary>
    /// <returns>The response, or null where the request has none.</returns>
    /// <exception cref="FrameException">The frame is not understood: the connection is closed with the message as reason.</exception>
    ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame);

    /// <summary>The connection is gone; called once, after its last frame was entered.</summary>
    void OnClosed(ServerConnection connection);
}
