using Barnabas.Protocol;

namespace Barnabas.Client.Producer;

/// <summary>Which errors end a transaction and which end its producer, as in Kafka's own producer.</summary>
internal static class TransactionErrors
{
    /// <summary>Whether a failed batch ends the producer.</summary>
    public static bool IsFatalForBatch(ErrorCode code) => code is
        ErrorCode.ClusterAuthorizationFailed or ErrorCode.TransactionalIdAuthorizationFailed or ErrorCode.ProducerFenced
        or ErrorCode.UnsupportedVersion or ErrorCode.InvalidProducerIdMapping;

    /// <summary>Whether a coordinator's answer leaves the producer usable after an abort.</summary>
    public static bool IsAbortable(ErrorCode code) => code is
        ErrorCode.TransactionAbortable or ErrorCode.UnknownProducerId or ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed
        or ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration or ErrorCode.FencedInstanceId or ErrorCode.OffsetMetadataTooLarge
        or ErrorCode.StaleMemberEpoch or ErrorCode.FencedMemberEpoch;
}
