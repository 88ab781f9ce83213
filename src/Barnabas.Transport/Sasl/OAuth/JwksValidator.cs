using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>
/// Checks tokens by the keys that a provider publishes at an address or in a file. Keys are fetched again after a while,
/// and when a token names one that is not known; a fetch that failed is not tried again at once, since whoever connects
/// may cause one.
/// </summary>
public sealed class JwksValidator : IJwtValidator, IDisposable
{
    private const long MaxBytes = 1024 * 1024;
    private static readonly TimeSpan MinRefresh = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MaxBytes, Timeout = FetchTimeout };
    private readonly Uri _address;
    private readonly JwtRules _rules;
    private readonly TimeSpan _refresh;
    private readonly TimeSpan _minBackoff;
    private readonly TimeSpan _maxBackoff;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile JsonWebKeySet? _keys;
    private long _fetched;
    private TimeSpan _backoff;
    private string? _failure;
    private long _failed;

    /// <summary>Creates a validator; keys are fetched with the first token.</summary>
    /// <param name="address">sasl.oauthbearer.jwks.endpoint.url: http, https or file.</param>
    /// <param name="rules">What claims have to say.</param>
    /// <param name="refresh">sasl.oauthbearer.jwks.endpoint.refresh.ms.</param>
    /// <param name="minBackoff">sasl.oauthbearer.jwks.endpoint.retry.backoff.ms: how long after a failure nothing is fetched; twice as long after each further one.</param>
    /// <param name="maxBackoff">sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public JwksValidator(Uri address, JwtRules rules, TimeSpan refresh, TimeSpan minBackoff, TimeSpan maxBackoff, TimeProvider time, ILogger logger)
    {
        _address = address;
        _rules = rules;
        _refresh = refresh;
        _minBackoff = minBackoff;
        _maxBackoff = maxBackoff;
        _time = time;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async ValueTask<OAuthToken> ValidateAsync(string token, CancellationToken cancellationToken)
    {
        using var jwt = Jwt.Parse(token);
        var keys = await KeysAsync(_refresh, cancellationToken);
        if (!keys.Find(jwt.KeyId).Any())
            keys = await KeysAsync(MinRefresh, cancellationToken);
        if (!keys.Find(jwt.KeyId).Any(key => JwtSignature.IsValid(jwt, key)))
            throw new SaslException("The JWT is not signed by a key of the provider");
        return _rules.Check(jwt, _time.GetUtcNow());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _fetching.Dispose();
    }

    private async ValueTask<JsonWebKeySet> KeysAsync(TimeSpan maxAge, CancellationToken cancellationToken)
    {
        if (IsFresh(maxAge) is { } fresh)
            return fresh;
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (IsFresh(maxAge) is { } meanwhile)
                return meanwhile;
            if (_failure is not null && _time.GetElapsedTime(_failed) < _backoff)
                return KnownKeys();
            _keys = JsonWebKeySet.Parse(await FetchAsync(cancellationToken));
            Interlocked.Exchange(ref _fetched, _time.GetTimestamp());
            _failure = null;
            return _keys;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UnauthorizedAccessException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            SaslLog.KeysNotFetched(_logger, _address, e.Message);
            _backoff = _failure is null ? _minBackoff : TimeSpan.FromTicks(Math.Min(_backoff.Ticks * 2, _maxBackoff.Ticks));
            _failure = e.Message;
            _failed = _time.GetTimestamp();
            return KnownKeys();
        }
        finally
        {
            _fetching.Release();
        }
    }

    private JsonWebKeySet KnownKeys() => _keys ?? throw new SaslException($"The keys of the provider could not be fetched: {_failure}");

    private JsonWebKeySet? IsFresh(TimeSpan maxAge) => _keys is { } keys && _time.GetElapsedTime(Interlocked.Read(ref _fetched)) < maxAge ? keys : null;

    private async Task<ReadOnlyMemory<byte>> FetchAsync(CancellationToken cancellationToken) =>
        _address.IsFile ? await File.ReadAllBytesAsync(_address.LocalPath, cancellationToken) : await _http.GetByteArrayAsync(_address, cancellationToken);
}
