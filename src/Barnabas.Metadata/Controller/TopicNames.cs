using Barnabas.Protocol;

namespace Barnabas.Metadata.Controller;

/// <summary>Which topic names are legal.</summary>
public static class TopicNames
{
    /// <summary>The metadata log, which no client may create.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    private const int MaxLength = 249;

    /// <summary>Says what is wrong with a name in Kafka's words; null when it is legal.</summary>
    public static string? Problem(string name)
    {
        if (name.Length == 0) return "Topic name is invalid: the empty string is not allowed";
        if (name == ".") return "Topic name is invalid: '.' is not allowed";
        if (name == "..") return "Topic name is invalid: '..' is not allowed";
        if (name.Length > MaxLength) return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {MaxLength}";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'";
            }
        }
        return null;
    }

    /// <summary>Checks a name.</summary>
    /// <exception cref="KafkaException">The name is not legal (INVALID_TOPIC_EXCEPTION).</exception>
    public static void Validate(string name)
    {
        if (Problem(name) is { } problem) throw new KafkaException(ErrorCode.InvalidTopicException, problem);
    }
}
