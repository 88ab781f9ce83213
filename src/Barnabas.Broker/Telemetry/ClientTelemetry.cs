using System.Collections.Concurrent;
using System.Text;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Protocol.Compression;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Broker.Telemetry;

/// <summary>
/// Metrics that clients push (KIP-714): tells each client what is wanted of it, takes what comes within limits, and shows the last of it
/// among the node's metrics until the client has been silent for three intervals. Safe from any thread.
/// </summary>
internal sealed class ClientTelemetry(int maxBytes, BufferPool decompression, Random random, TimeProvider time) : IMetadataPublisher
{
    private const string JmxReporter = "org.apache.kafka.common.metrics.JmxReporter";
    private const int MaxInstances = 2_000;
    private const int MaxDecompressedFactor = 20;
    private static readonly TimeSpan MinKept = TimeSpan.FromMinutes(5);
    private static readonly List<sbyte> Codecs = [(sbyte)CompressionType.Zstd, (sbyte)CompressionType.Lz4, (sbyte)CompressionType.Gzip, (sbyte)CompressionType.Snappy];

    private readonly ConcurrentDictionary<Uuid, ClientInstance> _instances = new();
    private readonly Lock _randomLock = new();
    private volatile IReadOnlyList<ClientMetricsSubscription> _subscriptions = [];
    private int _version;

    /// <summary>Whether what clients push would be seen anywhere: only then are they asked for it.</summary>
    public static bool IsWanted(BrokerConfig config) =>
        config.GetOptionalString("barnabas.metrics.listener") is { Length: > 0 } || config.GetOptionalString("barnabas.otlp.endpoint") is { Length: > 0 }
        || config.GetList("metric.reporters").Any(reporter => reporter is not ("" or JmxReporter));

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (delta.Configs?.Changes.Keys.Any(r => r.Type == ConfigResourceType.ClientMetrics) != true)
            return;
        _subscriptions = [.. ClientMetricsSubscription.Of(image.Configs)];
        Interlocked.Increment(ref _version);
    }

    /// <exception cref="KafkaException">THROTTLING_QUOTA_EXCEEDED: the client asks again too soon.</exception>
    public GetTelemetrySubscriptionsResponse Describe(Uuid wantedId, IReadOnlyDictionary<string, string> attributes)
    {
        var id = wantedId == Uuid.Zero ? NewId() : wantedId;
        var instance = Find(id, attributes);
        lock (instance)
        {
            var isNew = Update(instance);
            if (!isNew && instance.LastGetMs is { } last && Now() - last < instance.IntervalMs
                && instance.LastError is not (ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType))
                throw Error(ErrorCode.ThrottlingQuotaExceeded, $"Request from the client [{id}] arrived before the next push interval time");
            instance.LastGetMs = Now();
            instance.LastError = ErrorCode.None;
            return new GetTelemetrySubscriptionsResponse
            {
                ClientInstanceId = id,
                SubscriptionId = instance.SubscriptionId,
                AcceptedCompressionTypes = [.. Codecs],
                PushIntervalMs = instance.IntervalMs,
                TelemetryMaxBytes = maxBytes,
                DeltaTemporality = true,
                RequestedMetrics = [.. instance.Metrics],
            };
        }
    }

    /// <exception cref="KafkaException">As KIP-714 says: INVALID_REQUEST, THROTTLING_QUOTA_EXCEEDED, UNKNOWN_SUBSCRIPTION_ID, UNSUPPORTED_COMPRESSION_TYPE, TELEMETRY_TOO_LARGE, INVALID_RECORD.</exception>
    public void Push(PushTelemetryRequest request, IReadOnlyDictionary<string, string> attributes)
    {
        if (request.ClientInstanceId == Uuid.Zero)
            throw Error(ErrorCode.InvalidRequest, $"Invalid request from the client [{request.ClientInstanceId}], invalid client instance id");
        var instance = Find(request.ClientInstanceId, attributes);
        lock (instance)
        {
            try
            {
                Update(instance);
                Validate(request, instance);
                instance.Take(Decode(request));
                instance.LastError = ErrorCode.None;
            }
            catch (KafkaException e)
            {
                instance.LastError = e.ErrorCode;
                throw;
            }
            finally
            {
                instance.IsTerminating = request.Terminating;
            }
        }
    }

    public IEnumerable<MetricSample> Read()
    {
        Forget();
        yield return new("kafka_server_client_metrics_instance_count", MetricKind.Gauge, "Clients that may push metrics.", _instances.Count);
        foreach (var instance in _instances.Values)
        {
            List<(OtlpPoint Point, double Value)> series;
            lock (instance)
                series = [.. instance.Series()];
            foreach (var (point, value) in series)
            {
                (string, string)[] labels =
                [
                    ("client_id", instance.Attributes.GetValueOrDefault("client_id", "")), ("client_instance_id", instance.Id.ToString()),
                    .. point.Labels.Where(l => l.Name is not ("client_id" or "client_instance_id")).DistinctBy(l => NameOf(l.Name)).Select(l => (NameOf(l.Name), l.Value)),
                ];
                yield return new("kafka_client_" + NameOf(point.Name.StartsWith("org.apache.kafka.", StringComparison.Ordinal) ? point.Name["org.apache.kafka.".Length..] : point.Name),
                    point.IsCounter ? MetricKind.Counter : MetricKind.Gauge, "Pushed by clients.", value, labels);
            }
        }
    }

    private static string NameOf(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var letter in name)
            text.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }

    private void Validate(PushTelemetryRequest request, ClientInstance instance)
    {
        var id = request.ClientInstanceId;
        if (instance.IsTerminating)
            throw Error(ErrorCode.InvalidRequest, $"Client [{id}] sent the previous request with state terminating to TRUE, can not acceptany requests after that");
        var tooSoon = instance.LastPushMs is { } last && Now() - last < instance.IntervalMs;
        if (tooSoon && !request.Terminating && instance.LastError is not (ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType))
            throw Error(ErrorCode.ThrottlingQuotaExceeded, $"Request from the client [{id}] arrived before the next push interval time");
        instance.LastPushMs = Now();
        if (request.SubscriptionId != instance.SubscriptionId)
            throw Error(ErrorCode.UnknownSubscriptionId, $"Unknown client subscription id for the client [{id}]");
        if (request.CompressionType is < 0 or > (sbyte)CompressionType.Zstd)
            throw Error(ErrorCode.UnsupportedCompressionType, $"Unknown compression type [{request.CompressionType}] is received in telemetry request from [{id}]");
        if (request.Metrics.Length > maxBytes)
            throw Error(ErrorCode.TelemetryTooLarge, $"Telemetry request from [{id}] is larger than the maximum allowed size [{maxBytes}]");
    }

    private List<OtlpPoint> Decode(PushTelemetryRequest request)
    {
        if (request.Metrics.Length == 0)
            return [];
        try
        {
            if (request.CompressionType == (sbyte)CompressionType.None)
                return OtlpMetricsReader.Read(request.Metrics.Span);
            using var buffer = new PooledBuffer(decompression, request.Metrics.Length * 2, (int)Math.Min(int.MaxValue / 2, (long)maxBytes * MaxDecompressedFactor));
            CompressionCodecs.Get((CompressionType)request.CompressionType).Decompress(request.Metrics.Span, buffer);
            return OtlpMetricsReader.Read(buffer.WrittenSpan);
        }
        catch (BufferPoolExhaustedException e)
        {
            // Clients push again at their next interval.
            throw new KafkaException(ErrorCode.ThrottlingQuotaExceeded, e.Message, e);
        }
        catch (Exception e) when (e is InvalidDataException or CorruptRecordException or InvalidRecordException or DecompressedSizeExceededException or CompressionUnavailableException)
        {
            throw new KafkaException(ErrorCode.InvalidRecord, $"The metrics of the client [{request.ClientInstanceId}] cannot be read: {e.Message}", e);
        }
    }

    private ClientInstance Find(Uuid id, IReadOnlyDictionary<string, string> attributes)
    {
        if (!_instances.TryGetValue(id, out var instance))
        {
            if (_instances.Count >= MaxInstances)
                Forget();
            // Ids are the clients' own: one too many takes the place of the one longest silent.
            if (_instances.Count >= MaxInstances && _instances.Values.MinBy(i => i.LastUsed) is { } oldest)
                _instances.TryRemove(oldest.Id, out _);
            instance = _instances.GetOrAdd(id, new ClientInstance(id, new Dictionary<string, string>(attributes) { ["client_instance_id"] = id.ToString() }));
        }
        instance.LastUsed = time.GetTimestamp();
        return instance;
    }

    /// <returns>Whether what is wanted of the client may have changed.</returns>
    private bool Update(ClientInstance instance)
    {
        var version = Volatile.Read(ref _version);
        if (instance.Version == version)
            return false;
        instance.Version = version;
        var matching = _subscriptions.Where(s => s.Matches(instance.Attributes)).ToList();
        var metrics = matching.SelectMany(s => s.Metrics).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        instance.Metrics = metrics.Contains(ClientMetricsSubscription.Everything) ? [ClientMetricsSubscription.Everything] : metrics;
        instance.IntervalMs = matching.Select(s => s.IntervalMs).DefaultIfEmpty(ClientMetricsSubscription.DefaultIntervalMs).Min();
        instance.SubscriptionId = (int)(Crc32C.Compute(Encoding.UTF8.GetBytes($"[{string.Join(", ", instance.Metrics)}]{instance.IntervalMs}")) ^ (uint)instance.Id.GetHashCode());
        instance.LastGetMs = null;
        instance.LastPushMs = null;
        return true;
    }

    private void Forget()
    {
        foreach (var instance in _instances.Values)
        {
            var kept = TimeSpan.FromMilliseconds(instance.IntervalMs * 3L);
            if (time.GetElapsedTime(instance.LastUsed) > (kept > MinKept ? kept : MinKept))
                _instances.TryRemove(instance.Id, out _);
        }
    }

    private long Now() => time.GetTimestamp() / (time.TimestampFrequency / 1000);

    private Uuid NewId()
    {
        lock (_randomLock)
            return Uuid.Random(random);
    }

    private static KafkaException Error(ErrorCode code, string message) => new(code, message);
}
