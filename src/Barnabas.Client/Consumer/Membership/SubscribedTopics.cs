namespace Barnabas.Client.Consumer.Membership;

/// <summary>Keeps the topics of a pattern subscription up to date with the cluster's.</summary>
internal static class SubscribedTopics
{
    /// <summary>Returns true when the topics that match changed.</summary>
    public static bool Match(ConsumerContext context)
    {
        var subscription = context.Subscription;
        var snapshot = context.Cluster.Metadata.Current;
        lock (subscription.Gate)
        {
            return subscription.Pattern is { } pattern && subscription.ChangeTopics(snapshot.Topics.Values
                .Where(topic => (!topic.IsInternal || !context.Options.ExcludeInternalTopics) && pattern.IsMatch(topic.Name))
                .Select(topic => topic.Name));
        }
    }
}
