using Barnabas.Protocol;

namespace Barnabas.Client.Networking;

/// <summary>Repeats an operation while its error is retriable and there is time, with back-off.</summary>
public sealed class Retrier(ClusterClient cluster)
{
    /// <summary>Runs <paramref name="attempt"/> until it succeeds, fails for good, or <paramref name="timeout"/> is over.</summary>
    /// <param name="call">What the operation is called in the error: Kafka's name of it, e.g. <c>createTopics</c>.</param>
    /// <param name="timeout">For all attempts together.</param>
    /// <param name="attempt">One attempt.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="KafkaTimeoutException">The time is over.</exception>
    public async Task<T> RunAsync<T>(string call, TimeSpan timeout, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        using var deadline = new CancellationTokenSource(timeout, cluster.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        Exception? last = null;
        try
        {
            for (var failures = 1; ; failures++)
            {
                try
                {
                    return await attempt(linked.Token);
                }
                catch (KafkaException error) when (ErrorClassification.IsRetriable(error) || error is NodeNotKnownException)
                {
                    last = error;
                    if (ErrorClassification.NeedsMetadataRefresh(error.ErrorCode) || ErrorClassification.NeedsControllerLookup(error.ErrorCode)) cluster.Metadata.RequestUpdate();
                }

                await Task.Delay(cluster.RetryBackoff.After(failures), cluster.Time, linked.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new KafkaTimeoutException(TimeoutMessage(call, timeout, last), last);
        }
    }

    private static string TimeoutMessage(string call, TimeSpan timeout, Exception? last) => last switch
    {
        null or NoNodeAvailableException or NodeNotKnownException or Barnabas.Transport.Requests.DisconnectedException => $"Timed out waiting for a node assignment. Call: {call}",
        _ => $"Call {call} timed out after {timeout.TotalMilliseconds:0} ms. The last error was: {last.Message}",
    };
}
