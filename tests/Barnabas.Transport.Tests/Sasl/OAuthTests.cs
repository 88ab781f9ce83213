using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.OAuth;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Transport.Tests.Sasl;

public sealed class OAuthTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly RSA _key = RSA.Create(2048);
    private readonly ECDsa _curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _file = Path.GetTempFileName();

    public OAuthTests()
    {
        var rsa = _key.ExportParameters(false);
        var point = _curve.ExportParameters(false).Q;
        File.WriteAllText(_file, $$"""
            {"keys":[
              {"kty":"RSA","kid":"one","use":"sig","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"},
              {"kty":"EC","kid":"two","crv":"P-256","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"},
              {"kty":"oct","kid":"three","k":"AAAA"}]}
            """);
    }

    public void Dispose()
    {
        _key.Dispose();
        _curve.Dispose();
        File.Delete(_file);
    }

    [Theory]
    [InlineData("RS256", "one")]
    [InlineData("PS512", "one")]
    [InlineData("ES256", "two")]
    public async Task A_token_of_the_provider_says_who_it_is(string algorithm, string key)
    {
        var token = await Validator().ValidateAsync(Token(algorithm, key, Claims()), default);
        Assert.Equal(("alice", "read write"), (token.Principal, string.Join(' ', token.Scopes)));
    }

    [Theory]
    [InlineData("none", "one")]
    [InlineData("HS256", "one")]
    [InlineData("HS256", "three")]
    [InlineData("RS256", "nobody's")]
    [InlineData("ES256", "one")]
    [InlineData("RS256", "two")]
    public async Task Tokens_signed_by_nobody_or_by_something_else_are_refused(string algorithm, string key) =>
        await Assert.ThrowsAsync<SaslException>(async () => await Validator().ValidateAsync(Token(algorithm, key, Claims()), default));

    [Theory]
    [InlineData("\"iss\":\"other\"")]
    [InlineData("\"aud\":\"other\"")]
    [InlineData("\"sub\":\"\"")]
    [InlineData("\"sub\":7")]
    [InlineData("\"exp\":1000")]
    [InlineData("\"exp\":\"soon\"")]
    [InlineData("\"iat\":99999999999")]
    [InlineData("\"nbf\":99999999999")]
    public async Task Claims_that_are_wrong_are_refused(string claim) =>
        await Assert.ThrowsAsync<SaslException>(async () => await Validator().ValidateAsync(Token("RS256", "one", Claims(claim)), default));

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var parts = Token("RS256", "one", Claims()).Split('.');
        var other = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Claims("\"sub\":\"root\"")));
        await Assert.ThrowsAsync<SaslException>(async () => await Validator().ValidateAsync($"{parts[0]}.{other}.{parts[2]}", default));
    }

    [Fact]
    public async Task Client_and_server_exchange_a_token()
    {
        using var server = new OAuthBearerServer(Validator());
        using var client = new OAuthBearerClient(_ => new(Token("RS256", "one", Claims())), new Dictionary<string, string> { ["tenant"] = "x" });
        var answer = await server.EvaluateAsync(await client.EvaluateAsync(default, default), default);
        Assert.Null(await client.EvaluateAsync(answer, default));
        Assert.Equal((true, true, "alice"), (server.IsComplete, client.IsComplete, server.AuthorizationId));
        Assert.True(server.ExpiresAt > Now);
    }

    [Fact]
    public async Task A_token_that_is_not_valid_is_answered_with_a_status_and_then_fails()
    {
        using var server = new OAuthBearerServer(Validator());
        using var client = new OAuthBearerClient(_ => new(Token("none", "one", Claims())), new Dictionary<string, string>());
        var status = await server.EvaluateAsync(await client.EvaluateAsync(default, default), default);
        Assert.Equal("{\"status\":\"invalid_token\"}", Encoding.UTF8.GetString(status));
        var last = await client.EvaluateAsync(status, default);
        await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(last, default));
        Assert.False(server.IsComplete);
    }

    [Fact]
    public async Task Unsecured_tokens_are_believed_only_by_the_validator_for_them()
    {
        var token = UnsecuredTokens.Create(new Dictionary<string, string> { ["unsecuredLoginStringClaim_sub"] = "bob", ["unsecuredLoginListClaim_scope"] = "|a|b" }, Now);
        var believed = await new UnsecuredJwtValidator(new JwtRules { RequiredScopes = ["a"] }, TimeProvider.System).ValidateAsync(token, default);
        Assert.Equal(("bob", "a b"), (believed.Principal, string.Join(' ', believed.Scopes)));
        await Assert.ThrowsAsync<SaslException>(async () => await Validator().ValidateAsync(token, default));
        await Assert.ThrowsAsync<SaslException>(async () => await new UnsecuredJwtValidator(new JwtRules(), TimeProvider.System).ValidateAsync(Token("RS256", "one", Claims()), default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("!.!.!")]
    [InlineData("W10.W10.")]
    public async Task Nonsense_is_refused(string token) => await Assert.ThrowsAsync<SaslException>(async () => await Validator().ValidateAsync(token, default));

    [Fact]
    public void The_token_endpoint_opens_no_files() =>
        Assert.Throws<ArgumentException>(() => new TokenEndpoint(new Uri("file:///etc/passwd"), "a", "b", null, false, TimeSpan.FromSeconds(1), TimeProvider.System));

    private JwksValidator Validator() => new(
        new Uri(_file), new JwtRules { Issuer = "https://id.example", Audiences = ["kafka"], ClockSkew = TimeSpan.FromSeconds(5) }, TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeProvider.System, NullLogger.Instance);

    // A claim given twice: the last one counts.
    private static string Claims(string last = "\"x\":1") =>
        $$"""{"sub":"alice","iss":"https://id.example","aud":["other","kafka"],"scope":"read write","iat":{{Now.ToUnixTimeSeconds()}},"exp":{{Now.ToUnixTimeSeconds() + 600}},{{last}}}""";

    private string Token(string algorithm, string key, string claims)
    {
        var text = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}","kid":"{{key}}"}""")) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        var bytes = Encoding.ASCII.GetBytes(text);
        var signature = algorithm switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), bytes),
            "ES256" => _curve.SignData(bytes, HashAlgorithmName.SHA256),
            "PS512" => _key.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pss),
            _ => _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return text + "." + Base64Url.EncodeToString(signature);
    }
}
