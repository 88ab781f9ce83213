using System.Buffers;
using Barnabas.Fms.Filtering;
using Barnabas.Protocol.Records;

namespace Barnabas.Fms.Relaying;

/// <summary>Lets records with a keyword through, as they are.</summary>
internal sealed class FilterStage(KeywordFilter filter) : IRecordStage
{
    public int WarmUpRecords => 0;

    public void Forget(int partition)
    {
        // Each record is judged by itself.
    }

    public bool Process(int partition, in RecordView record, IBufferWriter<byte>? output)
    {
        var value = record.ValueBytes.Span;
        if (output is null || !filter.Matches(value))
            return false;
        output.Write(value);
        return true;
    }
}
