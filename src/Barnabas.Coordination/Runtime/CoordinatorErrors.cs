using Barnabas.Protocol;

namespace Barnabas.Coordination.Runtime;

/// <summary>How failures of the log are told to clients of a coordinator.</summary>
public static class CoordinatorErrors
{
    /// <summary>The error a client of a coordinator gets for <paramref name="exception"/>: errors of the log become errors that make it look for the coordinator again.</summary>
    public static ErrorCode ToClientError(Exception exception)
    {
        var code = Wrap(exception).ErrorCode;
        return code switch
        {
            ErrorCode.NetworkException => ErrorCode.CoordinatorLoadInProgress,
            ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
            ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
            ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize => ErrorCode.UnknownServerError,
            _ => code,
        };
    }

    /// <summary>What a client of a coordinator is told besides <see cref="ToClientError"/>: null where the message says no more than the code, or speaks of the log.</summary>
    public static string? ToClientMessage(Exception exception) =>
        exception is KafkaException { ErrorCode: not ErrorCode.UnknownServerError } error && ToClientError(error) == error.ErrorCode && error.Message != ErrorCodes.Message(error.ErrorCode)
            ? error.Message
            : null;

    /// <summary><paramref name="exception"/> as a <see cref="KafkaException"/>; UNKNOWN_SERVER_ERROR if it is of another kind.</summary>
    public static KafkaException Wrap(Exception exception) =>
        exception as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, exception.Message, exception);
}
