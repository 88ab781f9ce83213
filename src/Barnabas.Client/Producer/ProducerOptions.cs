using System.Diagnostics.CodeAnalysis;
using Barnabas.Client.Options;
using Barnabas.Configuration;
using Barnabas.Protocol.Compression;

namespace Barnabas.Client.Producer;

/// <summary>What a producer needs to know. The defaults are Kafka's; each member names the configuration it stands for.</summary>
public sealed record ProducerOptions : ClientOptions
{
    private const int MostInFlightOfIdempotent = 5;

    /// <summary>Options with Kafka's defaults.</summary>
    public ProducerOptions()
    {
    }

    [SetsRequiredMembers]
    private ProducerOptions(ConfigValues values)
        : base(values)
    {
        TransactionalId = values.GetString("transactional.id");
        TransactionTimeout = values.GetMilliseconds("transaction.timeout.ms");
        Acks = values.GetString("acks") switch { "0" => Acks.None, "1" => Acks.Leader, _ => Acks.All };
        BatchSizeBytes = values.GetInt("batch.size");
        BufferMemoryBytes = values.GetLong("buffer.memory");
        Linger = values.GetMilliseconds("linger.ms");
        MaxBlock = values.GetMilliseconds("max.block.ms");
        MaxInFlightRequests = values.GetInt("max.in.flight.requests.per.connection");
        MaxRequestSizeBytes = values.GetInt("max.request.size");
        DeliveryTimeout = values.GetMilliseconds("delivery.timeout.ms");
        Retries = values.GetInt("retries");
        if (values.IsSet("enable.idempotence"))
            EnableIdempotence = values.GetBoolean("enable.idempotence");
        Compression = CompressionTypes.Parse(values.GetString("compression.type")!);
        CompressionLevel = Compression switch
        {
            CompressionType.Gzip => values.GetInt("compression.gzip.level"),
            CompressionType.Lz4 => values.GetInt("compression.lz4.level"),
            CompressionType.Zstd => values.GetInt("compression.zstd.level"),
            _ => null,
        };
        IgnoreKeys = values.GetBoolean("partitioner.ignore.keys");
        AdaptivePartitioning = values.GetBoolean("partitioner.adaptive.partitioning.enable");
        Partitioner = Partitioners.Parse(values.GetString("partitioner.class"));
        MetadataMaxIdle = values.GetMilliseconds("metadata.max.idle.ms");
        if (!values.IsSet("delivery.timeout.ms") && DeliveryTimeout < Linger + RequestTimeout)
            DeliveryTimeout = Linger + RequestTimeout;
        UnusedNames = values.UnusedNames;
    }

    /// <summary><c>acks</c>.</summary>
    public Acks Acks { get; init; } = Acks.All;

    /// <summary><c>batch.size</c>: a batch is sent at once when it has about this many bytes.</summary>
    public int BatchSizeBytes { get; init; } = 16384;

    /// <summary><c>buffer.memory</c>: the most bytes that wait to be delivered; beyond, producing waits.</summary>
    public long BufferMemoryBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary><c>linger.ms</c>: how long a batch waits for more records.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary><c>max.block.ms</c>: how long producing waits for metadata and memory.</summary>
    public TimeSpan MaxBlock { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>max.in.flight.requests.per.connection</c>.</summary>
    public int MaxInFlightRequests { get; init; } = MostInFlightOfIdempotent;

    /// <summary><c>max.request.size</c>: the most bytes of a request, and of a record before compression.</summary>
    public int MaxRequestSizeBytes { get; init; } = 1024 * 1024;

    /// <summary><c>delivery.timeout.ms</c>: a record is delivered in this time or fails.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary><c>retries</c>: how often a batch is sent again at most.</summary>
    public int Retries { get; init; } = int.MaxValue;

    /// <summary><c>enable.idempotence</c>: no duplicates and no reordering by retries. Null: on, unless other options rule it out.</summary>
    public bool? EnableIdempotence { get; init; }

    /// <summary><c>transactional.id</c>: under which name transactions go on over restarts; null without transactions.</summary>
    public string? TransactionalId { get; init; }

    /// <summary><c>transaction.timeout.ms</c>: after which the coordinator aborts a transaction that is not ended.</summary>
    public TimeSpan TransactionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>compression.type</c>.</summary>
    public CompressionType Compression { get; init; } = CompressionType.None;

    /// <summary><c>compression.gzip.level</c>, <c>compression.lz4.level</c> or <c>compression.zstd.level</c>; null for the codec's default.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary><c>partitioner.class</c>: who chooses partitions; null for Kafka's own way (keys by murmur2, others sticky).</summary>
    public IPartitioner? Partitioner { get; init; }

    /// <summary><c>partitioner.ignore.keys</c>: records with keys are spread like records without.</summary>
    public bool IgnoreKeys { get; init; }

    /// <summary><c>partitioner.adaptive.partitioning.enable</c>: partitions with shorter queues are chosen more often (KIP-794).</summary>
    public bool AdaptivePartitioning { get; init; } = true;

    /// <summary><c>metadata.max.idle.ms</c>: a topic not produced to for this long is forgotten.</summary>
    public TimeSpan MetadataMaxIdle { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long disposing waits for what is not delivered yet.</summary>
    public TimeSpan CloseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the producer is idempotent, all options taken together.</summary>
    public bool IsIdempotent => EnableIdempotence ?? (TransactionalId is not null || (Acks == Acks.All && Retries > 0 && MaxInFlightRequests <= MostInFlightOfIdempotent));

    /// <summary>Reads Kafka's configuration names; unknown ones are kept in <see cref="ClientOptions.UnknownNames"/>.</summary>
    /// <exception cref="ConfigException">A value is invalid; the message is Kafka's.</exception>
    public static ProducerOptions Parse(IReadOnlyDictionary<string, string> properties)
    {
        var options = new ProducerOptions(new ConfigValues(ConfigDefinitions.Producer, properties));
        options.Validate();
        return options;
    }

    internal void Validate()
    {
        if (DeliveryTimeout < Linger + RequestTimeout)
            throw new ConfigException("delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms");
        if (CompressionLevel is { } level && !CompressionTypes.IsValidLevel(Compression, level))
            throw new ConfigException($"compression.{CompressionTypes.Name(Compression)}.level", level, "The codec has no such level");
        if (TransactionalId is not null && EnableIdempotence is false)
            throw new ConfigException("Cannot set a transactional.id without also enabling idempotence.");
        if (EnableIdempotence is not true && TransactionalId is null)
            return;
        if (Retries == 0)
            throw new ConfigException("Must set retries to non-zero when using the idempotent producer.");
        if (Acks != Acks.All)
            throw new ConfigException("Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.");
        if (MaxInFlightRequests > MostInFlightOfIdempotent)
            throw new ConfigException("Must set max.in.flight.requests.per.connection to at most 5 to use the idempotent producer.");
    }
}
