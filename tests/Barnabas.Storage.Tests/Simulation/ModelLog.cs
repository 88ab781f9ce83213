using Barnabas.Protocol.Records;

namespace Barnabas.Storage.Tests.Simulation;

/// <summary>A batch the model appended, exactly as it must be read back.</summary>
internal sealed record ModelBatch(byte[] Bytes)
{
    public RecordBatch Batch => new(Bytes);

    public long BaseOffset => Batch.BaseOffset;

    public long NextOffset => Batch.NextOffset;
}

/// <summary>What one log must hold: batches on one time line, and how much of it was promised to be durable.</summary>
internal sealed class ModelLog
{
    public List<ModelBatch> Batches { get; } = [];

    /// <summary>What a crash must not take away.</summary>
    public long DurableOffset { get; set; }

    public long LogStartOffset { get; set; }

    public long LogEndOffset => Batches.Count == 0 ? Floor : Batches[^1].NextOffset;

    /// <summary>Where the log begins when it holds no batch.</summary>
    public long Floor { get; set; }

    /// <summary>Batches of an append that a crash interrupted: there or not.</summary>
    public List<ModelBatch> InFlight { get; } = [];

    public void Truncate(long offset)
    {
        Batches.RemoveAll(b => b.NextOffset > offset);
        DurableOffset = Math.Min(DurableOffset, LogEndOffset);
        LogStartOffset = Math.Min(LogStartOffset, LogEndOffset);
    }
}
