namespace Barnabas.Transport.Server;

/// <summary>A response ready to send, with its length prefix. The connection disposes it once it is sent or can no longer be.</summary>
public interface IOutgoingFrame : IDisposable
{
    /// <summary>All bytes including the prefix.</summary>
    long LengthInBytes { get; }

    /// <summary>Adds the memory to send, in order; it stays valid until disposal.</summary>
    void AppendTo(List<ReadOnlyMemory<byte>> segments);
}
