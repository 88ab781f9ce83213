using System.Buffers;
using Barnabas.Protocol.Records;

namespace Barnabas.Fms.Relaying;

/// <summary>What a <see cref="RecordRelay"/> does with each record. Called by one thread at a time, without waiting.</summary>
internal interface IRecordStage
{
    /// <summary>How many records before the committed offset it wants to see again when it is given a partition, to find its state anew.</summary>
    int WarmUpRecords { get; }

    /// <summary>Forgets what it knows of a partition.</summary>
    void Forget(int partition);

    /// <summary>Writes what is to be sent for a record; false where nothing is.</summary>
    /// <param name="partition">The partition it comes from.</param>
    /// <param name="record">The record.</param>
    /// <param name="output">Where the value goes; null where the record is only seen again and nothing is sent.</param>
    bool Process(int partition, in RecordView record, IBufferWriter<byte>? output);
}
