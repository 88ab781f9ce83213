using Barnabas.Broker.Cache;
using Barnabas.Broker.Coordination;
using Barnabas.Broker.Fetching;
using Barnabas.Broker.Requests;
using Barnabas.Broker.Sharing;
using Barnabas.Coordination.Sharing;

namespace Barnabas.Broker.Apis;

/// <summary>The APIs by which share groups read, and by which brokers keep their state.</summary>
internal static class ShareApis
{
    /// <summary>A handler for each.</summary>
    internal static IEnumerable<ApiHandler> Create(
        MetadataCache metadata, GroupProtocols protocols, SharePartitionManager manager, ShareCoordinatorService coordinator, FetchLimits limits, TimeProvider time) =>
    [
        new ShareFetchApi(protocols, metadata, manager, new ShareFetcher(manager, time), limits, time),
        new ShareAcknowledgeApi(protocols, metadata, manager),
        new InitializeShareGroupStateApi(coordinator),
        new ReadShareGroupStateApi(coordinator),
        new WriteShareGroupStateApi(coordinator),
        new DeleteShareGroupStateApi(coordinator),
        new ReadShareGroupStateSummaryApi(coordinator),
    ];
}
