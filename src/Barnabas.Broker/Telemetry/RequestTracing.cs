using System.Diagnostics;
using System.Globalization;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Telemetry;

/// <summary>
/// Tells of requests as spans, named and attributed by OpenTelemetry's conventions for messaging. There is none where no traces are exported, so
/// that an ordinary node does nothing for them. Safe from any thread.
/// </summary>
public sealed class RequestTracing
{
    /// <summary>The name of the source that exporters listen to.</summary>
    public const string SourceName = "Barnabas.Broker";

    private static readonly ActivitySource Source = new(SourceName);

    private readonly MetadataCache _metadata;

    private RequestTracing(MetadataCache metadata) => _metadata = metadata;

    /// <returns>null where no traces are wanted.</returns>
    internal static RequestTracing? Create(BrokerConfig config, MetadataCache metadata) =>
        config.GetOptionalString("barnabas.otlp.endpoint") is { Length: > 0 } && config.GetDouble("barnabas.otlp.traces.ratio") > 0 ? new RequestTracing(metadata) : null;

    /// <summary>Makes the span of a request that has just been answered, if it is sampled.</summary>
    internal void Record(RequestContext context, ApiHandler handler, IRequest request, DateTimeOffset ended, TimeSpan took)
    {
        if (!Source.HasListeners())
            return;
        var topic = TopicOf(request);
        var operation = handler.Descriptor.Name;
        using var span = Source.StartActivity(topic is null ? operation : $"{operation} {topic}", ActivityKind.Server, default(ActivityContext), null, null, ended - took);
        if (span is null)
            return;
        span.SetTag("messaging.system", "kafka").SetTag("messaging.operation.name", operation).SetTag("messaging.client.id", context.ClientId)
            .SetTag("network.peer.address", context.ClientAddress.ToString()).SetTag("network.peer.port", context.Connection.RemoteEndPoint.Port)
            .SetTag("network.protocol.name", "kafka").SetTag("network.protocol.version", context.ApiVersion.ToString(CultureInfo.InvariantCulture))
            .SetTag("messaging.message.envelope.size", context.RequestBytes);
        if (handler.Key switch { ApiKey.Produce => "send", ApiKey.Fetch or ApiKey.ShareFetch => "receive", ApiKey.OffsetCommit or ApiKey.ShareAcknowledge => "settle", _ => null } is { } type)
            span.SetTag("messaging.operation.type", type);
        if (topic is not null)
            span.SetTag("messaging.destination.name", topic);
        if (GroupOf(request) is { Length: > 0 } group)
            span.SetTag("messaging.consumer.group.name", group);
        span.SetEndTime(ended.UtcDateTime);
    }

    /// <summary>The topic of a request about one; a span has one destination.</summary>
    private string? TopicOf(IRequest request) => request switch
    {
        ProduceRequest { TopicData: [var topic] } => NameOf(topic.Name, topic.TopicId),
        FetchRequest { Topics: [var topic] } => NameOf(topic.Topic, topic.TopicId),
        ShareFetchRequest { Topics: [var topic] } => NameOf("", topic.TopicId),
        OffsetCommitRequest { Topics: [var topic] } => NameOf(topic.Name, topic.TopicId),
        _ => null,
    };

    private string? NameOf(string name, Uuid id) => name.Length > 0 ? name : _metadata.Image.Topics.Find(id)?.Name;

    private static string? GroupOf(IRequest request) => request switch
    {
        OffsetCommitRequest commit => commit.GroupId,
        ShareFetchRequest fetch => fetch.GroupId,
        ShareAcknowledgeRequest acknowledge => acknowledge.GroupId,
        JoinGroupRequest join => join.GroupId,
        HeartbeatRequest heartbeat => heartbeat.GroupId,
        ConsumerGroupHeartbeatRequest heartbeat => heartbeat.GroupId,
        _ => null,
    };
}
