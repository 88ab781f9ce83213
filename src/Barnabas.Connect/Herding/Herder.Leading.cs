using Barnabas.Connect.Distributed;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Stores;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol;

namespace Barnabas.Connect.Herding;

// What only the leader does, and what others ask it for.
public sealed partial class Herder
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, int> _publishFailures = [];
    private SessionKey? _awaitedKey;

    /// <summary>Takes the configurations of tasks that a connector made on another worker.</summary>
    /// <exception cref="RestException">The request is not signed as it must be, or there is no such connector.</exception>
    internal Task PutTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, InternalRequestSignature signature, CancellationToken cancellationToken)
    {
        Verify(signature);
        return QueueAsync(async () =>
        {
            RequireLeader("Only the leader may write task configurations.");
            var config = Find(name);
            if (tasks.Count > 0 && config.Target == TargetState.Stopped) throw new RestException(400, $"Cannot submit non-empty set of task configs for stopped connector {name}");
            await WriteAsync($"writing {tasks.Count} task configs for connector {name} to the config topic", () => _configs.PutTasksAsync(name, tasks, cancellationToken));
            return true;
        }).WaitAsync(RequestTimeout, _options.Time, cancellationToken);
    }

    private void Verify(InternalRequestSignature signature)
    {
        if (_group.SignsRequests && _options.Signing is { } signing) signature.Verify(_configs.State.SessionKey, signing.Accepted);
    }

    private void RequireLeader(string message)
    {
        if (!_group.IsLeader) throw new RequestTargetException(message, _group.LeaderUrl);
    }

    private async Task LeadAsync()
    {
        if (!_group.IsLeader) return;
        await _configs.ClaimWritePrivilegesAsync(_stopping.Token);
        await RenewSessionKeyAsync();
    }

    private async Task RenewSessionKeyAsync()
    {
        if (!_group.IsLeader || !_group.SignsRequests || _options.Signing is not { } signing) return;
        var key = _configs.State.SessionKey;
        var isGood = key is not null && key.Algorithm == signing.KeyAlgorithm && key.Key.Length == Hmac.KeyBytes(signing.KeyAlgorithm, signing.KeyBits)
            && key.CreatedMs + signing.KeyLifetime.TotalMilliseconds > NowMs;
        if (!isGood)
        {
            var fresh = new SessionKey(Hmac.NewKey(signing.KeyAlgorithm, signing.KeyBits), signing.KeyAlgorithm, NowMs);
            await WriteAsync("writing a new session key to the config topic", () => _configs.PutSessionKeyAsync(fresh, _stopping.Token));
            CoordinatorLog.SessionKeyWritten(_logger, signing.KeyAlgorithm);
            key = _configs.State.SessionKey;
        }

        if (key is null || ReferenceEquals(key, _awaitedKey)) return;
        _awaitedKey = key;
        PostLater(RenewSessionKeyAsync, TimeSpan.FromMilliseconds(Math.Max(1, key.CreatedMs + signing.KeyLifetime.TotalMilliseconds - NowMs)));
    }

    // A leader that was fenced out by mistake takes its right back; the request may be sent again.
    private async Task WriteAsync(string what, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (PrivilegedWriteException error)
        {
            CoordinatorLog.LeaderFenced(_logger, error.Message);
            if (_group.IsLeader) await _configs.ClaimWritePrivilegesAsync(_stopping.Token);
            throw new ConnectException($"Failed to {what}; this may be caused by a transient error and the request can be safely retried", error);
        }
    }

    private async Task PublishTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks)
    {
        if (_group.IsLeader)
            await WriteAsync($"writing {tasks.Count} task configs for connector {name} to the config topic", () => _configs.PutTasksAsync(name, tasks, _stopping.Token));
        else _ = SendTasksAsync(name, tasks);
    }

    // Beside the loop: the leader may be waiting for this worker to join.
    private async Task SendTasksAsync(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks)
    {
        try
        {
            await _others!.PutTasksAsync(Leader(), name, tasks, KeyForRequests(), _stopping.Token);
            Post(() =>
            {
                _publishFailures.Remove(name);
                return Task.CompletedTask;
            });
        }
        catch (Exception error) when (error is ConnectException or KafkaException or TimeoutException)
        {
            Post(() => RetryPublishing(name, error));
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private Task RetryPublishing(string name, Exception error)
    {
        var failures = _publishFailures[name] = _publishFailures.GetValueOrDefault(name) + 1;
        var delay = TimeSpan.FromMilliseconds(Math.Min(LongestRetry.TotalMilliseconds, FirstRetry.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 20))));
        CoordinatorLog.LeaderNotReached(_logger, "Giving the leader new tasks", name, error.Message, delay);
        PostLater(() => ReconfigureAsync(name), delay);
        return Task.CompletedTask;
    }

    private string Leader() => _group.LeaderUrl is { Length: > 0 } url ? url : throw new ConnectException("The leader of the workers is not known.");

    private RequestKey? KeyForRequests() => _group.SignsRequests && _options.Signing is { } signing && _configs.State.SessionKey is { } key ? new RequestKey(key, signing.SignatureAlgorithm) : null;
}
