using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>Fetches tokens by the client credentials grant (RFC 6749, section 4.4), and keeps one until most of its life is over. Safe from any thread. Holds a secret.</summary>
public sealed class TokenEndpoint : IDisposable
{
    private const long MaxBytes = 1024 * 1024;
    private const double RenewalShare = 0.8;
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _fetching = new(1, 1);
    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly string _clientId;
    private readonly string _clientSecret;
    private readonly string? _scope;
    private readonly bool _encodesHeader;
    private readonly TimeProvider _time;
    private (string Token, long RenewTimestamp)? _current;

    /// <summary>Creates an endpoint; nothing is fetched yet.</summary>
    /// <param name="address">sasl.oauthbearer.token.endpoint.url: https, or http; nothing else is ever opened.</param>
    /// <param name="clientId">The client's id.</param>
    /// <param name="clientSecret">Its secret.</param>
    /// <param name="scope">What is asked for, or null.</param>
    /// <param name="encodesHeader">sasl.oauthbearer.header.urlencode: whether id and secret are URL-encoded in the header, as RFC 6749 has it.</param>
    /// <param name="timeout">For one request.</param>
    /// <param name="time">The clock.</param>
    public TokenEndpoint(Uri address, string clientId, string clientSecret, string? scope, bool encodesHeader, TimeSpan timeout, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.Scheme is not ("https" or "http"))
            throw new ArgumentException($"{address.Scheme} addresses are not opened: the token endpoint has to be https", nameof(address));
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { MaxResponseContentBufferSize = MaxBytes, Timeout = timeout };
        _address = address;
        _clientId = clientId;
        _clientSecret = clientSecret;
        _scope = scope;
        _encodesHeader = encodesHeader;
        _time = time;
    }

    /// <summary>A token that is good for a while.</summary>
    /// <exception cref="SaslException">The endpoint gives none.</exception>
    public async ValueTask<string> GetAsync(CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (_current is { } current && _time.GetTimestamp() < current.RenewTimestamp)
                return current.Token;
            var (token, life) = await FetchAsync(cancellationToken);
            _current = (token, _time.GetTimestamp() + (long)(life.TotalSeconds * RenewalShare * _time.TimestampFrequency));
            return token;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SaslException($"No token from {_address}: {e.Message}");
        }
        finally
        {
            _fetching.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _fetching.Dispose();
    }

    private string Encoded(string text) => _encodesHeader ? WebUtility.UrlEncode(text) : text;

    private async Task<(string Token, TimeSpan Life)> FetchAsync(CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (_scope is { Length: > 0 } scope)
            form["scope"] = scope;
        using var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Encoded(_clientId)}:{Encoded(_clientSecret)}")));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new HttpRequestException($"the answer is {(int)response.StatusCode}");
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        var root = document.RootElement;
        var token = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("access_token", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : "";
        if (token.Length == 0)
            throw new HttpRequestException("the answer holds no access_token");
        var life = root.TryGetProperty("expires_in", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetDouble(out var number) ? TimeSpan.FromSeconds(Math.Clamp(number, 1, 1e7)) : DefaultLife;
        return (token, life);
    }
}
