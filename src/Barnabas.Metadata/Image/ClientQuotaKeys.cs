using Barnabas.Protocol;

namespace Barnabas.Metadata.Image;

/// <summary>What client quotas limit, and whom (KIP-546, KIP-599, KIP-612).</summary>
public static class ClientQuotaKeys
{
    /// <summary>The entity type of authenticated users.</summary>
    public const string User = "user";

    /// <summary>The entity type of client ids.</summary>
    public const string ClientId = "client-id";

    /// <summary>The entity type of addresses.</summary>
    public const string Ip = "ip";

    /// <summary>Bytes a second that producers may send.</summary>
    public const string ProducerByteRate = "producer_byte_rate";

    /// <summary>Bytes a second that consumers may fetch.</summary>
    public const string ConsumerByteRate = "consumer_byte_rate";

    /// <summary>Percent of one processor's time that requests may take.</summary>
    public const string RequestPercentage = "request_percentage";

    /// <summary>Partitions a second that may be created or deleted.</summary>
    public const string ControllerMutationRate = "controller_mutation_rate";

    /// <summary>Connections a second that an address may open.</summary>
    public const string ConnectionCreationRate = "connection_creation_rate";

    /// <exception cref="KafkaException">INVALID_REQUEST: the key is not one of the entity's, or the value not one of the key's.</exception>
    internal static void Validate(string key, double value, bool isIp)
    {
        var isDouble = key is RequestPercentage or ControllerMutationRate;
        var known = isIp ? key == ConnectionCreationRate : isDouble || key is ProducerByteRate or ConsumerByteRate;
        if (!known) throw Invalid($"Invalid configuration key {key}");
        if (value <= 0.0) throw Invalid($"Quota {key} must be greater than 0");
        if (isDouble) return;
        if (isIp && value > int.MaxValue) throw Invalid($"Proposed value for {key} is too large for an INT.");
        if (value > long.MaxValue) throw Invalid($"Proposed value for {key} is too large for a LONG.");
        if (Math.Abs(value % 1.0) > 1e-6) throw Invalid($"{key} cannot be a fractional value.");
    }

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
