using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Barnabas.Testing;
using Barnabas.Tests.Support;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.OAuth;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Transport.Tests.Sasl;

/// <summary>Keys and tokens over HTTP, from a small provider.</summary>
public sealed class OAuthHttpTests : IDisposable
{
    private readonly ManualTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly RSA _key = RSA.Create(2048);
    private readonly HttpListener _listener = new();
    private readonly Uri _address;
    private readonly List<string> _asked = [];
    private Func<(int Status, string Body)> _answer;

    public OAuthHttpTests()
    {
        _address = new Uri($"http://localhost:{FreePorts.Next()}/");
        _answer = () => (200, Keys("one"));
        _listener.Prefixes.Add(_address.ToString());
        _listener.Start();
        _ = ServeAsync();
    }

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    [Fact]
    public async Task Keys_are_fetched_once_and_again_when_they_are_old()
    {
        using var validator = Validator();
        Assert.Equal("alice", (await validator.ValidateAsync(Token("one"), default)).Principal);
        await validator.ValidateAsync(Token("one"), default);
        Assert.Single(_asked);
        _time.Advance(TimeSpan.FromMinutes(61));
        await validator.ValidateAsync(Token("one"), default);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_key_that_is_not_known_is_asked_for_every_ten_seconds_at_most()
    {
        using var validator = Validator();
        await validator.ValidateAsync(Token("one"), default);
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("two"), default));
        Assert.Single(_asked);
        _answer = () => (200, Keys("two"));
        _time.Advance(TimeSpan.FromSeconds(11));
        await validator.ValidateAsync(Token("two"), default);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task A_provider_that_fails_is_asked_ever_less_and_its_keys_live_on()
    {
        _answer = () => (500, "");
        using var validator = Validator();
        for (var i = 0; i < 5; i++)
            await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("one"), default));
        Assert.Single(_asked);
        _time.Advance(TimeSpan.FromMilliseconds(101));
        await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("one"), default));
        _time.Advance(TimeSpan.FromMilliseconds(101));
        await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("one"), default));
        Assert.Equal(2, _asked.Count);
        _answer = () => (200, Keys("one"));
        _time.Advance(TimeSpan.FromMilliseconds(101));
        await validator.ValidateAsync(Token("one"), default);
        _answer = () => (500, "");
        _time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("alice", (await validator.ValidateAsync(Token("one"), default)).Principal);
        Assert.Equal(4, _asked.Count);
    }

    [Theory]
    [InlineData(200, "[]")]
    [InlineData(200, "{\"keys\":[1]}")]
    [InlineData(200, "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"!\",\"e\":\"AQAB\"}]}")]
    [InlineData(200, "no json")]
    [InlineData(302, "")]
    public async Task An_answer_without_keys_lets_nobody_in(int status, string body)
    {
        _answer = () => (status, body);
        using var validator = Validator();
        await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("one"), default));
    }

    [Fact]
    public async Task Keys_without_end_are_refused()
    {
        _answer = () => (200, new string(' ', 2 * 1024 * 1024) + Keys("one"));
        using var validator = Validator();
        await Assert.ThrowsAsync<SaslException>(async () => await validator.ValidateAsync(Token("one"), default));
    }

    [Theory]
    [InlineData(false, "cli ent:se+cret")]
    [InlineData(true, "cli+ent:se%2Bcret")]
    public async Task A_token_is_granted_to_the_client_s_credentials_and_kept_for_most_of_its_life(bool encodes, string credentials)
    {
        _answer = () => (200, $$"""{"access_token":"t{{_asked.Count}}","expires_in":100,"token_type":"bearer"}""");
        using var endpoint = new TokenEndpoint(_address, "cli ent", "se+cret", "read write", encodes, TimeSpan.FromSeconds(10), _time);
        Assert.Equal("t1", await endpoint.GetAsync(default));
        Assert.Equal("t1", await endpoint.GetAsync(default));
        _time.Advance(TimeSpan.FromSeconds(81));
        Assert.Equal("t2", await endpoint.GetAsync(default));
        Assert.Equal($"POST Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))} grant_type=client_credentials&scope=read+write", _asked[0]);
    }

    [Theory]
    [InlineData(401, "{\"error\":\"invalid_client\"}")]
    [InlineData(200, "{}")]
    [InlineData(200, "[]")]
    [InlineData(307, "")]
    public async Task A_refusal_says_no_secret(int status, string body)
    {
        _answer = () => (status, body);
        using var endpoint = new TokenEndpoint(_address, "client", "top-secret", null, false, TimeSpan.FromSeconds(10), _time);
        var error = await Assert.ThrowsAsync<SaslException>(async () => await endpoint.GetAsync(default));
        Assert.DoesNotContain("top-secret", error.ToString());
    }

    private JwksValidator Validator() => new(
        _address, new JwtRules { RequiresIssuedAt = false }, TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), _time, NullLogger.Instance);

    private string Keys(string id)
    {
        var rsa = _key.ExportParameters(false);
        return $$"""{"keys":[{"kty":"RSA","kid":"{{id}}","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"}]}""";
    }

    private string Token(string key)
    {
        var claims = $$"""{"sub":"alice","exp":{{_time.GetUtcNow().ToUnixTimeSeconds() + 600}}}""";
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"RS256","kid":"{{key}}"}""")) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        return text + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream);
            _asked.Add($"{context.Request.HttpMethod} {context.Request.Headers["Authorization"]} {await reader.ReadToEndAsync()}");
            var (status, body) = _answer();
            context.Response.StatusCode = status;
            if (status is 302 or 307)
                context.Response.RedirectLocation = "http://localhost:1/";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
            context.Response.Close();
        }
    }
}
