using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Http.Requests;

/// <summary>Makes requests for one task: with its headers and credentials, within its limits, and again where that may help. Safe for concurrent calls.</summary>
internal sealed class HttpEndpoint : IDisposable
{
    private const int ReasonBytes = 300;

    private readonly HttpClient _client;
    private readonly IReadOnlyList<(string Name, string Value)> _headers;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly StatusRanges _retried;
    private readonly TimeSpan _timeout;
    private readonly TimeSpan _backoff;
    private readonly TimeSpan _longestBackoff;
    private readonly int _retries;
    private readonly int _maxResponseBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <exception cref="ConfigException">The file of certificates cannot be read.</exception>
    public HttpEndpoint(ConfigValues values, IReadOnlyList<(string Name, string Value)> headers, TimeProvider time, ILogger logger)
    {
        _headers = headers;
        _authorization = AuthorizationOf(values);
        _retried = StatusRanges.Parse(values.GetList(RequestKeys.RetryOn));
        _timeout = values.GetMilliseconds(RequestKeys.RequestTimeout);
        _backoff = values.GetMilliseconds(RequestKeys.Backoff);
        _longestBackoff = values.GetMilliseconds(RequestKeys.BackoffMax);
        _retries = values.GetInt(RequestKeys.MaxRetries);
        _maxResponseBytes = values.GetInt(RequestKeys.MaxResponseBytes);
        _time = time;
        _logger = logger;
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = values.GetMilliseconds(RequestKeys.ConnectTimeout),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        };
        if (values.FindString(RequestKeys.CaLocation) is { Length: > 0 } file) handler.SslOptions = Trusting(file);
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Makes a request until it succeeds or its tries are used up.</summary>
    /// <exception cref="HttpFailureException">It did not succeed.</exception>
    public async Task<HttpAnswer> SendAsync(HttpCall call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(call, cancellationToken);
            }
            catch (HttpFailureException error) when (error.IsRetriable && attempt <= _retries)
            {
                var delay = DelayAfter(attempt, error.RetryAfter);
                HttpLog.RequestRetried(_logger, attempt, _retries + 1, call.Url.GetLeftPart(UriPartial.Path), error.Message, delay);
                await Task.Delay(delay, _time, cancellationToken);
            }
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<HttpAnswer> SendOnceAsync(HttpCall call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = RequestOf(call);
        try
        {
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            if (response.StatusCode == HttpStatusCode.NotModified) return new HttpAnswer(true, response.Headers.ETag?.ToString() ?? call.KnownTag, default);
            if (response.IsSuccessStatusCode) return new HttpAnswer(false, response.Headers.ETag?.ToString(), await BodyAsync(response, either.Token));
            throw new HttpFailureException(
                $"the answer was {status} {response.ReasonPhrase}{await ReasonAsync(response, either.Token)}", _retried.Contains(status), RetryAfterOf(response));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpFailureException($"there was no whole answer within {_timeout.TotalMilliseconds} ms", isRetriable: true);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new HttpFailureException(error.InnerException is { } inner ? $"{error.Message} {inner.Message}" : error.Message, isRetriable: true, cause: error);
        }
    }

    private HttpRequestMessage RequestOf(HttpCall call)
    {
        var request = new HttpRequestMessage(call.Method, call.Url) { Content = call.Body is { } body ? new ReadOnlyMemoryContent(body) : null };
        request.Headers.Authorization = _authorization;
        if (call.KnownTag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", call.KnownTag);
        foreach (var (name, value) in _headers)
        {
            // The framework keeps the headers of a body apart from the others.
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content?.Headers.TryAddWithoutValidation(name, value);
        }

        if (request.Content is { Headers.ContentType: null } content && call.ContentType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(call.ContentType);
        return request;
    }

    private async Task<ReadOnlyMemory<byte>> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var known = response.Content.Headers.ContentLength;
        if (known > _maxResponseBytes) throw TooLarge();
        var buffer = new byte[Math.Min(known ?? 16 * 1024, _maxResponseBytes) + 1];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0) return buffer.AsMemory(0, length);
            length += read;
            if (length > _maxResponseBytes) throw TooLarge();
            if (length == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, _maxResponseBytes + 1L));
        }
    }

    private HttpFailureException TooLarge() =>
        new($"the answer is larger than {RequestKeys.MaxResponseBytes}={_maxResponseBytes} bytes", isRetriable: false);

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[ReasonBytes];
        var length = await stream.ReadAtLeastAsync(buffer, ReasonBytes, throwOnEndOfStream: false, cancellationToken);
        return length == 0 ? "" : ": " + Encoding.UTF8.GetString(buffer, 0, length).ReplaceLineEndings(" ");
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _time.GetUtcNow() : null;

    private TimeSpan DelayAfter(int attempt, TimeSpan? asked)
    {
        var delay = _backoff * Math.Pow(2, Math.Min(attempt - 1, 30));
        if (asked > delay) delay = asked.Value;
        return delay < _longestBackoff ? delay : _longestBackoff;
    }

    private static AuthenticationHeaderValue? AuthorizationOf(ConfigValues values) => values.GetString(RequestKeys.AuthType).ToUpperInvariant() switch
    {
        "BASIC" => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{values.FindString(RequestKeys.User)}:{values.FindString(RequestKeys.Password)}"))),
        "BEARER" => new("Bearer", values.FindString(RequestKeys.Token)),
        _ => null,
    };

    private static SslClientAuthenticationOptions Trusting(string file)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(file);
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.AddRange(roots);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ConfigException(RequestKeys.CaLocation, file, error.Message);
        }
    }
}
