using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>Checks tokens by the keys that a provider publishes at an address or in a file. Keys are fetched again after a while, and when a token names one that is not known.</summary>
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
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile JsonWebKeySet? _keys;
    private long _fetched;

    /// <summary>Creates a validator; keys are fetched with the first token.</summary>
    /// <param name="address">sasl.oauthbearer.jwks.endpoint.url: http, https or file.</param>
    /// <param name="rules">What claims have to say.</param>
    /// <param name="refresh">sasl.oauthbearer.jwks.endpoint.refresh.ms.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    public JwksValidator(Uri address, JwtRules rules, TimeSpan refresh, TimeProvider time, ILogger logger)
    {
        _address = address;
        _rules = rules;
        _refresh = refresh;
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
            _keys = JsonWebKeySet.Parse(await FetchAsync(cancellationToken));
            _fetched = _time.GetTimestamp();
            return _keys;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UnauthorizedAccessException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            SaslLog.KeysNotFetched(_logger, _address, e.Message);
            _fetched = _time.GetTimestamp();
            return _keys ?? throw new SaslException($"The keys of the provider could not be fetched: {e.Message}");
        }
        finally
        {
            _fetching.Release();
        }
    }

    private JsonWebKeySet? IsFresh(TimeSpan maxAge) => _keys is { } keys && _time.GetElapsedTime(Interlocked.Read(ref _fetched)) < maxAge ? keys : null;

    private async Task<ReadOnlyMemory<byte>> FetchAsync(CancellationToken cancellationToken) =>
        _address.IsFile ? await File.ReadAllBytesAsync(_address.LocalPath, cancellationToken) : await _http.GetByteArrayAsync(_address, cancellationToken);
}
