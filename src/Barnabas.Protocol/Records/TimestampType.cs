namespace Barnabas.Protocol.Records;

/// <summary>Who set the timestamps of a batch.</summary>
public enum TimestampType : sbyte
{
    /// <summary>The batch has none (only ancient formats).</summary>
    NoTimestampType = -1,

    /// <summary>The producer; each record has its own.</summary>
    CreateTime = 0,

    /// <summary>The broker when it appended; all records share the batch's maximum.</summary>
    LogAppendTime = 1,
}
