using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of <c>__transaction_state</c>.</summary>
internal sealed class TransactionLogDecoder : IRecordDecoder
{
    private static readonly string[] States =
        ["Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead", "PrepareEpochFence"];

    public (string? Key, string? Value) Decode(RecordView record)
    {
        var type = CoordinatorRecordFrame.ReadType(record.KeyBytes);
        if (type != 0)
            return ($"unknown::version={type}", null);
        var key = new TransactionLogKey();
        CoordinatorRecordFrame.ReadKey(record.KeyBytes, key);
        return ($"transaction_metadata::transactionalId={key.TransactionalId}", record.HasValue ? ValueText(record.ValueBytes) : "<DELETE>");
    }

    private static string ValueText(ReadOnlyMemory<byte> bytes)
    {
        var value = new TransactionLogValue();
        CoordinatorRecordFrame.ReadValue(bytes, value);
        var state = value.TransactionStatus >= 0 && value.TransactionStatus < States.Length ? States[value.TransactionStatus] : "Unknown";
        var partitions = state == "Empty" ? [] : (value.TransactionPartitions ?? []).SelectMany(topic => topic.PartitionIds.Select(partition => $"{topic.Topic}-{partition}"));
        return $"producerId:{value.ProducerId},producerEpoch:{value.ProducerEpoch},state={state},partitions=[{string.Join(',', partitions)}],"
            + $"txnLastUpdateTimestamp={value.TransactionLastUpdateTimestampMs},txnTimeoutMs={value.TransactionTimeoutMs}";
    }
}
