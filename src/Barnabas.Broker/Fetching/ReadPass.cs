using Barnabas.Broker.Replication;
using Barnabas.Protocol;

namespace Barnabas.Broker.Fetching;

/// <summary>One pass over the partitions of a fetch. Either its reads go into a response, or it is disposed.</summary>
internal sealed class ReadPass(int capacity) : IDisposable
{
    public List<PartitionRead> Reads { get; } = new(capacity);

    public List<Partition?> Partitions { get; } = new(capacity);

    public int Bytes { get; private set; }

    /// <summary>Enough bytes, or something that the client has to hear of at once.</summary>
    public bool IsEnough { get; set; }

    public void Add(in PartitionRead read, Partition? partition)
    {
        Reads.Add(read);
        Partitions.Add(partition);
        Bytes += read.Records.Length;
        IsEnough |= read.Error != ErrorCode.None || read.DivergingEpoch is not null;
    }

    public void Dispose()
    {
        foreach (var read in Reads)
            read.Owner?.Dispose();
    }
}

/// <summary>What a fetch may ask for at most.</summary>
/// <param name="MaxBytes">fetch.max.bytes.</param>
internal sealed record FetchLimits(int MaxBytes);
