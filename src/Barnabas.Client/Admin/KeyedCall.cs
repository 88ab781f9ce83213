using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>
/// One call about several keys, of which each succeeds, fails, or is tried again by itself until the time is over. An
/// error of the whole attempt counts for every key that is still open.
/// </summary>
internal sealed class KeyedCall<TKey, TValue>(string name, IEnumerable<TKey> keys) where TKey : notnull
{
    private readonly Dictionary<TKey, Outcome<TValue>> _outcomes = [];
    private readonly Dictionary<TKey, KafkaException> _lastErrors = [];
    private readonly List<TKey> _keys = [.. keys.Distinct()];
    private KafkaException? _lastAttemptError;

    /// <summary>Keys without an outcome.</summary>
    public IReadOnlyList<TKey> Open => _keys.FindAll(key => !_outcomes.ContainsKey(key));

    public void Succeed(TKey key, TValue value) => _outcomes[key] = new Outcome<TValue>(value);

    public void Fail(TKey key, KafkaException error) => _outcomes[key] = new Outcome<TValue>(error);

    /// <summary>Leaves the key open for the next attempt.</summary>
    public void Retry(TKey key, KafkaException error) => _lastErrors[key] = error;

    public async Task<IReadOnlyDictionary<TKey, Outcome<TValue>>> RunAsync(
        ClusterClient cluster, TimeSpan timeout, int retries, Func<IReadOnlyList<TKey>, CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout, cluster.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            for (var failures = 0; Open is { Count: > 0 } open;)
            {
                if (failures > 0) await Task.Delay(cluster.RetryBackoff.After(failures), cluster.Time, linked.Token);
                await AttemptAsync(cluster, open, attempt, linked.Token);
                if (++failures > retries) Close(key => _lastErrors.GetValueOrDefault(key) ?? ErrorCode.RequestTimedOut.ToException());
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Close(key => TimedOut(timeout, _lastErrors.GetValueOrDefault(key) ?? _lastAttemptError));
        }

        // In the order of the asking.
        return _keys.ToDictionary(key => key, key => _outcomes[key]);
    }

    private async Task AttemptAsync(ClusterClient cluster, IReadOnlyList<TKey> open, Func<IReadOnlyList<TKey>, CancellationToken, Task> attempt, CancellationToken cancellationToken)
    {
        try
        {
            await attempt(open, cancellationToken);
        }
        catch (KafkaException error) when (ErrorClassification.IsRetriable(error))
        {
            _lastAttemptError = error;
            if (ErrorClassification.NeedsMetadataRefresh(error.ErrorCode) || ErrorClassification.NeedsControllerLookup(error.ErrorCode)) cluster.Metadata.RequestUpdate();
        }
        catch (KafkaException error)
        {
            Close(_ => error);
        }
    }

    private void Close(Func<TKey, KafkaException> error)
    {
        foreach (var key in Open) Fail(key, error(key));
    }

    private KafkaTimeoutException TimedOut(TimeSpan timeout, KafkaException? last) => last switch
    {
        null or NoNodeAvailableException or Barnabas.Transport.Requests.DisconnectedException => new($"Timed out waiting for a node assignment. Call: {name}", last),
        _ => new($"Call {name} timed out after {timeout.TotalMilliseconds:0} ms. The last error was: {last.Message}", last),
    };
}
