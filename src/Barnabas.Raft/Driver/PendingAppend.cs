namespace Barnabas.Raft.Driver;

/// <summary>A batch that has its offsets and waits to be written.</summary>
internal sealed record PendingAppend(int Epoch, long BaseOffset, IReadOnlyList<ReadOnlyMemory<byte>> Records)
{
    internal long LastOffset => BaseOffset + Records.Count - 1;
}
