using Barnabas.Broker.Cache;
using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Controller;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;
using TopicNames = Barnabas.Broker.Cache.TopicNames;

namespace Barnabas.Broker.Topics;

/// <summary>Creates topics on first use: a client's where auto.create.topics.enable allows it, the coordinators' always. Safe from any thread.</summary>
internal sealed class AutoTopicCreation(IController controller, MetadataCache metadata, DynamicBrokerConfig config, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static IReadOnlyDictionary<string, ErrorCode> Nothing { get; } = new Dictionary<string, ErrorCode>();

    /// <summary>Whether clients' topics are created on first use now.</summary>
    public bool IsEnabled => config.Current.AutoCreateTopicsEnable;

    /// <summary>Creates those of the topics that may be created, and waits until this broker serves them.</summary>
    /// <returns>The outcome of each topic that was tried.</returns>
    public async ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateAsync(IReadOnlyList<string> topics, RequestContext context)
    {
        var broker = config.Current;
        var request = new CreateTopicsRequest { TimeoutMs = (int)MaxWait.TotalMilliseconds };
        foreach (var topic in topics)
        {
            if (TopicNames.IsValid(topic) && (broker.AutoCreateTopicsEnable || TopicNames.IsInternal(topic)))
                request.Topics.Add(InternalTopics.Creatable(topic, broker));
        }
        return request.Topics.Count == 0 ? Nothing : await CreateAsync(request, context.Principal.ToString());
    }

    /// <summary>Creates the internal topics of an application for a client.</summary>
    /// <returns>The outcome of each.</returns>
    public ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateForAsync(IReadOnlyList<CreateTopicsRequest.CreatableTopic> topics, string principal) =>
        CreateAsync(new CreateTopicsRequest { TimeoutMs = (int)MaxWait.TotalMilliseconds, Topics = [.. topics] }, principal);

    /// <summary>Creates a coordinator's topic for this broker itself.</summary>
    public ValueTask<ErrorCode> CreateInternalAsync(string topic) => CreateInternalAsync(topic, "User:ANONYMOUS");

    /// <summary>Creates a coordinator's topic.</summary>
    public ValueTask<ErrorCode> CreateInternalAsync(string topic, RequestContext context) => CreateInternalAsync(topic, context.Principal.ToString());

    private async ValueTask<ErrorCode> CreateInternalAsync(string topic, string principal)
    {
        var request = new CreateTopicsRequest { TimeoutMs = (int)MaxWait.TotalMilliseconds };
        request.Topics.Add(InternalTopics.Creatable(topic, config.Current));
        var outcome = await CreateAsync(request, principal);
        return outcome[topic];
    }

    private async ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateAsync(CreateTopicsRequest request, string principal)
    {
        var outcome = new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
        var response = await controller.CreateTopicsAsync(new ControllerRequestContext(5, principal, MaxWait), request);
        foreach (var result in response.Topics)
        {
            outcome[result.Name] = result.ErrorCode;
            if (result.ErrorCode is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
                BrokerLog.AutoCreationFailed(logger, result.Name, result.ErrorCode, result.ErrorMessage);
        }
        await metadata.WaitAsync(image => outcome.All(o => o.Value is not (ErrorCode.None or ErrorCode.TopicAlreadyExists) || image.Topics.Find(o.Key) is not null), MaxWait, time);
        return outcome;
    }
}
