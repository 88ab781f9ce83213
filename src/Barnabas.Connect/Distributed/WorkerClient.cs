using System.Net.Http.Headers;
using System.Text.Json;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Connect.Stores;
using Barnabas.Transport.Tls;

namespace Barnabas.Connect.Distributed;

/// <summary>What a request to another worker is signed with.</summary>
/// <param name="Key">The session's key.</param>
/// <param name="Algorithm">The hash by Java's name.</param>
internal sealed record RequestKey(SessionKey Key, string Algorithm);

/// <summary>Calls the REST API of other workers. Safe from any thread.</summary>
internal sealed class WorkerClient : IDisposable
{
    private const int LongestAnswerBytes = 16 * 1024 * 1024;

    // Made for the first request: a worker that is alone sends none, and never loads what it takes.
    private readonly TlsContext? _tls;
    private readonly Lock _gate = new();
    private HttpClient? _http;

    /// <summary>Creates it.</summary>
    /// <param name="tls">What workers that listen on https are trusted by, and this one shown by; null for the system's.</param>
    public WorkerClient(TlsContext? tls) => _tls = tls;

    /// <summary>Gives the leader the tasks of a connector.</summary>
    /// <exception cref="ConnectException">It did not take them.</exception>
    public Task PutTasksAsync(string leaderUrl, string connector, IReadOnlyList<IReadOnlyDictionary<string, string>> tasks, RequestKey? key, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var task in tasks)
            {
                json.WriteStartObject();
                foreach (var (name, value) in task) json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return InternalAsync(HttpMethod.Post, $"{Base(leaderUrl)}/connectors/{Uri.EscapeDataString(connector)}/tasks", buffer.ToArray(), key, cancellationToken);
    }

    /// <summary>Has the leader fence the older tasks of a connector (KIP-618).</summary>
    /// <exception cref="ConnectException">It could not.</exception>
    public Task FenceAsync(string leaderUrl, string connector, RequestKey? key, CancellationToken cancellationToken) =>
        InternalAsync(HttpMethod.Put, $"{Base(leaderUrl)}/connectors/{Uri.EscapeDataString(connector)}/fence", [], key, cancellationToken);

    /// <summary>Sends a user's request on to another worker, which answers it.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="url">The other worker's REST API.</param>
    /// <param name="pathAndQuery">The request's path, and its query with what is to be added.</param>
    /// <param name="body">Its body; empty for none.</param>
    /// <param name="authorization">The user's credentials; null for none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RestException">The other worker cannot be reached (500).</exception>
    public async Task<HttpResponseMessage> ForwardAsync(string method, string url, string pathAndQuery, byte[] body, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Base(url) + pathAndQuery);
        if (body.Length > 0) request.Content = Json(body);
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            return await Http().SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new RestException(500, "IO Error trying to forward REST request: " + error.Message);
        }
    }

    public void Dispose() => _http?.Dispose();

    private HttpClient Http()
    {
        lock (_gate) return _http ??= Create(_tls);
    }

    private static HttpClient Create(TlsContext? tls)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false };
        if (tls is not null) handler.SslOptions = tls.ClientOptions(null);
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(90), MaxResponseContentBufferSize = LongestAnswerBytes };
    }

    private static string Base(string url) => url.TrimEnd('/');

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task InternalAsync(HttpMethod method, string url, byte[] body, RequestKey? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body.Length > 0) request.Content = Json(body);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(InternalRequestSignature.SignatureHeader, InternalRequestSignature.Sign(key.Key, key.Algorithm, body));
            request.Headers.TryAddWithoutValidation(InternalRequestSignature.AlgorithmHeader, key.Algorithm);
        }

        try
        {
            using var response = await Http().SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode) return;
            throw new ConnectException($"{method} {url} was answered by {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }
        catch (HttpRequestException error)
        {
            throw new ConnectException($"{method} {url} was not answered: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectException($"{method} {url} was not answered in time.", error);
        }
    }
}
