using Barnabas.Protocol;

namespace Barnabas.Client.Networking;

/// <summary>What a client does about an error, as Kafka's exception classes say.</summary>
public static class ErrorClassification
{
    /// <summary>Whether the same request may succeed later.</summary>
    public static bool IsRetriable(Exception error) => error is KafkaException kafka && ErrorCodes.IsRetriable(kafka.ErrorCode) && error is not KafkaTimeoutException;

    /// <summary>Kafka's InvalidMetadataException: what we know about leaders or topic ids is out of date.</summary>
    public static bool NeedsMetadataRefresh(ErrorCode code) => code is
        ErrorCode.UnknownTopicOrPartition or ErrorCode.LeaderNotAvailable or ErrorCode.NotLeaderOrFollower or
        ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError or ErrorCode.FencedLeaderEpoch or
        ErrorCode.UnknownLeaderEpoch or ErrorCode.ListenerNotFound or ErrorCode.UnknownTopicId or
        ErrorCode.InconsistentTopicId or ErrorCode.NetworkException or ErrorCode.BrokerNotAvailable;

    /// <summary>The coordinator must be looked up again.</summary>
    public static bool NeedsCoordinatorLookup(ErrorCode code) => code is
        ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator or ErrorCode.NetworkException;

    /// <summary>The controller must be looked up again.</summary>
    public static bool NeedsControllerLookup(ErrorCode code) => code is ErrorCode.NotController or ErrorCode.NetworkException;

    /// <summary>The exception for a code, with Kafka's message unless the response brought one.</summary>
    public static KafkaException ToException(this ErrorCode code, string? message = null) =>
        new(code, string.IsNullOrEmpty(message) ? ErrorCodes.Message(code) : message);
}
