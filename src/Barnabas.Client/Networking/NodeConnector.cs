using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport;
using Barnabas.Transport.Requests;
using Microsoft.Extensions.Logging;

namespace Barnabas.Client.Networking;

/// <summary>Opens a connection and brings it to where requests can be sent: transport, TLS, API versions (KIP-35, KIP-511), SASL.</summary>
internal sealed class NodeConnector(ClientOptions options, ClientEnvironment environment, ILogger logger)
{
    private readonly RequestConnectionOptions _requestOptions = new() { ClientId = options.ClientId, RequestTimeout = options.RequestTimeout };

    private readonly ITransport _transport = environment.Transport.WithBuffers(options.ReceiveBufferBytes, options.SendBufferBytes);

    public Random Random => environment.Random;

    public async Task<NodeConnection> ConnectAsync(Node node, int failures, CancellationToken cancellationToken)
    {
        var timeout = SetupTimeout(failures);
        using var deadline = new CancellationTokenSource(timeout, environment.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        RequestConnection? requests = null;
        try
        {
            var connection = await _transport.ConnectAsync(node.Host, node.Port, linked.Token);
            if (environment.Security is not null) connection = await environment.Security.SecureAsync(connection, node, linked.Token);
            requests = new RequestConnection(connection, $"node {node}", _requestOptions, environment.Time, logger);
            var versions = await NegotiateAsync(requests, linked.Token);
            var renewal = environment.Authenticator is null ? null : await environment.Authenticator.AuthenticateAsync(requests, versions, node, linked.Token);
            ClientLog.Connected(logger, node);
            return new NodeConnection(node, requests, versions, options.RequestTimeout, renewal, environment.Time);
        }
        catch (Exception error)
        {
            if (requests is not null) await requests.DisposeAsync();
            if (cancellationToken.IsCancellationRequested) throw;
            if (error is not (TransportException or OperationCanceledException or KafkaException)) throw;
            var reason = error is OperationCanceledException ? $"no connection within {timeout.TotalMilliseconds:0} ms" : error.Message;
            ClientLog.ConnectFailed(logger, node, reason);
            if (error is KafkaException and not DisconnectedException) throw;
            throw new DisconnectedException($"Connection to node {node} could not be established: {reason}", error);
        }
    }

    // Grows with each failure as Kafka's does, so that a slow network is not given up on (KIP-601).
    private TimeSpan SetupTimeout(int failures) =>
        new Backoff(options.ConnectionSetupTimeout, options.ConnectionSetupTimeoutMax, environment.Random).After(failures + 1);

    private static async Task<ApiVersionTable> NegotiateAsync(RequestConnection connection, CancellationToken cancellationToken)
    {
        var ours = ApiCatalog.Get(ApiKey.ApiVersions);
        var version = ours.LatestVersionUnstable ? (short)(ours.HighestVersion - 1) : ours.HighestVersion;
        while (true)
        {
            var request = new ApiVersionsRequest();
            if (version >= 3) (request.ClientSoftwareName, request.ClientSoftwareVersion) = ("barnabas", ClientVersion.Text);
            var response = await connection.SendAsync(request, version, cancellationToken);
            if (response.ErrorCode == ErrorCode.None) return new ApiVersionTable(response);
            if (response.ErrorCode != ErrorCode.UnsupportedVersion || version == 0) throw response.ErrorCode.ToException();

            // The node answers in version 0 and names the highest version it knows; one that says nothing knows only 0.
            short fallback = 0;
            foreach (var api in response.ApiKeys)
            {
                if (api.ApiKey == (short)ApiKey.ApiVersions) fallback = api.MaxVersion;
            }

            version = fallback < version ? fallback : (short)0;
        }
    }
}
