using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Barnabas.Tests.Support;

namespace Barnabas.Interop.Tests.Security;

/// <summary>A small OAuth provider: its keys at <c>jwks</c>, and tokens at <c>token</c> for the client alice with its secret.</summary>
internal sealed class OAuthProvider : IDisposable
{
    public const string Secret = "alice-oauth-secret";
    private static readonly string Credentials = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("alice:" + Secret));

    private readonly RSA _key = RSA.Create(2048);
    private readonly HttpListener _listener = new();

    public OAuthProvider()
    {
        Address = $"http://localhost:{FreePorts.Next()}/";
        _listener.Prefixes.Add(Address);
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address { get; }

    public void Dispose()
    {
        _listener.Close();
        _key.Dispose();
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var (status, body) = Answer(context.Request.Url!.AbsolutePath, context.Request.Headers["Authorization"], await reader.ReadToEndAsync());
                context.Response.StatusCode = status;
                context.Response.ContentType = "application/json";
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The client or this provider has gone.
            }
        }
    }

    private (int Status, string Body) Answer(string path, string? authorization, string form)
    {
        if (path == "/jwks")
        {
            var rsa = _key.ExportParameters(false);
            return (200, $$"""{"keys":[{"kty":"RSA","kid":"one","use":"sig","alg":"RS256","n":"{{Base64Url.EncodeToString(rsa.Modulus)}}","e":"{{Base64Url.EncodeToString(rsa.Exponent)}}"}]}""");
        }
        if (path != "/token")
            return (404, "{}");
        return authorization == Credentials && form.Contains("grant_type=client_credentials") && form.Contains("scope=kafka")
            ? (200, $$"""{"access_token":"{{Token()}}","token_type":"Bearer","expires_in":600}""")
            : (401, """{"error":"invalid_client"}""");
    }

    private string Token()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = $$"""{"sub":"alice","iss":"https://id.test","aud":"kafka-test","scope":"kafka","iat":{{now}},"exp":{{now + 600}}}""";
        var text = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT","kid":"one"}"""u8) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims));
        return text + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
