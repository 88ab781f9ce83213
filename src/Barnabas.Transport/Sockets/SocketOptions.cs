namespace Barnabas.Transport.Sockets;

/// <summary>What sockets are set to. Immutable.</summary>
public sealed record SocketOptions
{
    /// <summary>The size of receive buffers in bytes (SO_RCVBUF); null lets the system size them as a connection needs.</summary>
    public int? ReceiveBufferBytes { get; init; }

    /// <summary>The size of send buffers in bytes (SO_SNDBUF); null lets the system size them as a connection needs.</summary>
    public int? SendBufferBytes { get; init; }

    /// <summary>How many connections may wait to be accepted; the system may allow fewer.</summary>
    public int Backlog { get; init; } = 1024;
}
