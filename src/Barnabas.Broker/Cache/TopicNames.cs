using System.Buffers;
using Barnabas.Protocol;

namespace Barnabas.Broker.Cache;

/// <summary>Kafka's rules for topic names.</summary>
internal static class TopicNames
{
    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";
    public const string ShareGroupState = "__share_group_state";

    private const int MaxLength = 249;
    private static readonly SearchValues<char> LegalCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && name is not ("." or "..") && !name.AsSpan().ContainsAnyExcept(LegalCharacters);

    /// <exception cref="KafkaException">INVALID_TOPIC_EXCEPTION.</exception>
    public static void EnsureValid(string name)
    {
        if (!IsValid(name))
            throw new KafkaException(ErrorCode.InvalidTopicException, $"Topic name '{name}' is illegal");
    }
}
