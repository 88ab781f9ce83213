using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>All topics that we may see, by name.</summary>
    /// <exception cref="KafkaException">The cluster refuses, or no node answers in time.</exception>
    public Task<IReadOnlyList<TopicListing>> ListTopicsAsync(bool includeInternal = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<TopicListing>>("listTopics", timeout, async token =>
        {
            var connection = await _cluster.ConnectToAnyAsync(token);
            var version = connection.Versions.Choose(ApiKey.Metadata);
            var response = await connection.SendAsync(new MetadataRequest { Topics = version > 0 ? null : [] }, version, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            var listings = new List<TopicListing>(response.Topics.Count);
            foreach (var topic in response.Topics)
            {
                if (topic.Name is not null && (includeInternal || !topic.IsInternal)) listings.Add(new TopicListing(topic.Name, topic.TopicId, topic.IsInternal));
            }

            listings.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
            return listings;
        }, cancellationToken);
}
