using Barnabas.Protocol;

namespace Barnabas.Cli.Framework;

/// <summary>Errors in tables as Kafka's tools show them: the Java class, then the message. Scripts look for these names.</summary>
internal static class JavaErrors
{
    public static string Describe(KafkaException error) => $"{NameOf(error)}: {error.Message}";

    /// <summary>The name of the Java class that stands for an error.</summary>
    public static string NameOf(KafkaException error) => $"org.apache.kafka.common.errors.{ClassName(error.ErrorCode)}";

    private static string ClassName(ErrorCode code) => code switch
    {
        ErrorCode.NonEmptyGroup => "GroupNotEmptyException",
        ErrorCode.TopicAlreadyExists => "TopicExistsException",
        ErrorCode.MessageTooLarge => "RecordTooLargeException",
        ErrorCode.RequestTimedOut => "TimeoutException",
        ErrorCode.InvalidConfig => "InvalidConfigurationException",
        ErrorCode.GroupAuthorizationFailed => "GroupAuthorizationException",
        ErrorCode.TopicAuthorizationFailed => "TopicAuthorizationException",
        ErrorCode.ClusterAuthorizationFailed => "ClusterAuthorizationException",
        ErrorCode.GroupSubscribedToTopic => "GroupSubscribedToTopicException",
        _ when code.ToString() is var name && name.EndsWith("Exception", StringComparison.Ordinal) => name,
        _ => code + "Exception",
    };
}
