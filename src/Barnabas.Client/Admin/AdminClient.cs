using Barnabas.Client.Metadata;
using Barnabas.Client.Networking;
using Barnabas.Protocol;

namespace Barnabas.Client.Admin;

/// <summary>
/// Manages a cluster: topics, configurations, groups, offsets and more, as Kafka's Admin. Thread-safe. Every call takes
/// a time-out (<c>default.api.timeout.ms</c> when null) and retries what Kafka's own client retries; calls about
/// several keys give an <see cref="Outcome{T}"/> for each, and throw only when cancelled.
/// </summary>
public sealed partial class AdminClient : IAsyncDisposable
{
    private readonly ClusterClient _cluster;
    private readonly AdminClientOptions _options;
    private readonly Retrier _retrier;

    /// <summary>Creates a client; it connects when the first call is made.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">No bootstrap address is usable.</exception>
    public AdminClient(AdminClientOptions options, ClientEnvironment environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _cluster = new ClusterClient(options, new ClusterMetadataOptions { AllowAutoTopicCreation = false, UseControllers = options.UseControllers }, environment);
        _retrier = new Retrier(_cluster);
    }

    /// <summary>The connections below, for requests that have no call of their own here.</summary>
    public ClusterClient Cluster => _cluster;

    /// <summary>Closes all connections; what is in flight fails.</summary>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Task<IReadOnlyDictionary<TKey, Outcome<TValue>>> RunAsync<TKey, TValue>(
        KeyedCall<TKey, TValue> call, TimeSpan? timeout, Func<IReadOnlyList<TKey>, CancellationToken, Task> attempt, CancellationToken cancellationToken) where TKey : notnull =>
        call.RunAsync(_cluster, timeout ?? _options.ApiTimeout, _options.Retries, attempt, cancellationToken);

    private Task<T> RunAsync<T>(string call, TimeSpan? timeout, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellationToken) =>
        _retrier.RunAsync(call, timeout ?? _options.ApiTimeout, attempt, cancellationToken);

    private int TimeoutMs(TimeSpan? timeout) => (int)Math.Min((timeout ?? _options.ApiTimeout).TotalMilliseconds, int.MaxValue);

    private async Task<TResponse> SendToAnyAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken) where TResponse : IResponse, new()
    {
        var connection = await _cluster.ConnectToAnyAsync(cancellationToken);
        return await connection.SendAsync(request, cancellationToken);
    }

    private async Task<TResponse> SendToControllerAsync<TResponse>(IRequest<TResponse> request, CancellationToken cancellationToken) where TResponse : IResponse, new()
    {
        var connection = await _cluster.ConnectToControllerAsync(cancellationToken);
        return await connection.SendAsync(request, cancellationToken);
    }

    private async Task<TResponse> SendToNodeAsync<TResponse>(int nodeId, IRequest<TResponse> request, CancellationToken cancellationToken) where TResponse : IResponse, new()
    {
        var connection = await _cluster.ConnectAsync(nodeId, ConnectionRole.Regular, cancellationToken);
        return await connection.SendAsync(request, cancellationToken);
    }

    /// <summary>A per-key error that Kafka's client takes as "ask the new controller", or as "slow down".</summary>
    private static bool IsControllerRetry(ErrorCode code) => code is ErrorCode.NotController or ErrorCode.ThrottlingQuotaExceeded;

    /// <summary>Forgets the controller and fails the attempt when a response says that it moved.</summary>
    private void ThrowIfControllerMoved(ErrorCode code)
    {
        if (code != ErrorCode.NotController) return;
        _cluster.Metadata.RequestUpdate();
        throw code.ToException();
    }
}
