using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Groups.Offsets;

/// <summary>A committed offset.</summary>
/// <param name="RecordOffset">The offset of the record that holds it, which orders plain and transactional commits; -1 before it is written.</param>
/// <param name="CommittedOffset">The position to read next.</param>
/// <param name="LeaderEpoch">The epoch of the last record read, or null.</param>
/// <param name="Metadata">The client's note, "" if none.</param>
/// <param name="CommitTimestampMs">When it was committed, milliseconds since the epoch.</param>
/// <param name="ExpireTimestampMs">When it expires, if an old client said so.</param>
/// <param name="TopicId">The topic's id, or zero if an older broker wrote it.</param>
internal sealed record OffsetAndMetadata(
    long RecordOffset, long CommittedOffset, int? LeaderEpoch, string Metadata, long CommitTimestampMs, long? ExpireTimestampMs, Uuid TopicId)
{
    public static OffsetAndMetadata FromRecord(long recordOffset, OffsetCommitValue value) => new(
        recordOffset, value.Offset, value.LeaderEpoch == -1 ? null : value.LeaderEpoch, value.Metadata,
        value.CommitTimestamp, value.ExpireTimestamp == -1 ? null : value.ExpireTimestamp, value.TopicId);

    /// <summary>Whether it was committed for another topic of the same name.</summary>
    public bool IsOfOtherTopic(Uuid topicId) => TopicId != Uuid.Zero && topicId != Uuid.Zero && TopicId != topicId;
}
