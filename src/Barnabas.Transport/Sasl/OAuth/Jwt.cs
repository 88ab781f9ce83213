using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>A JSON web token in its compact form (RFC 7515), read but not believed.</summary>
internal sealed class Jwt : IDisposable
{
    private readonly JsonDocument _header;
    private readonly JsonDocument _payload;

    private Jwt(JsonDocument header, JsonDocument payload, byte[] signedBytes, byte[] signature)
    {
        _header = header;
        _payload = payload;
        SignedBytes = signedBytes;
        Signature = signature;
    }

    /// <summary>Header and payload as they were signed.</summary>
    public byte[] SignedBytes { get; }

    public byte[] Signature { get; }

    /// <summary>The algorithm of the signature, as the token says.</summary>
    public string Algorithm => HeaderText("alg") ?? "";

    /// <summary>The id of the key, or null.</summary>
    public string? KeyId => HeaderText("kid");

    /// <exception cref="SaslException">It is no token.</exception>
    public static Jwt Parse(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            throw new SaslException("Malformed JWT: it has not three parts");
        JsonDocument? header = null;
        try
        {
            header = ReadObject(parts[0]);
            return new Jwt(header, ReadObject(parts[1]), Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), Base64Url.DecodeFromChars(parts[2]));
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            header?.Dispose();
            throw new SaslException($"Malformed JWT: {e.Message}");
        }
    }

    /// <summary>A claim's text; null where it is missing or no text.</summary>
    public string? Text(string claim) => _payload.RootElement.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A claim's time in seconds since 1970.</summary>
    public DateTimeOffset? Time(string claim) =>
        _payload.RootElement.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is > -1e11 and < 1e11
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    /// <summary>A claim's texts: one, or those of an array.</summary>
    public IReadOnlyList<string> Texts(string claim)
    {
        if (!_payload.RootElement.TryGetProperty(claim, out var value))
            return [];
        return value.ValueKind switch
        {
            JsonValueKind.String => [value.GetString()!],
            JsonValueKind.Array => [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
            _ => [],
        };
    }

    public void Dispose()
    {
        _header.Dispose();
        _payload.Dispose();
    }

    private string? HeaderText(string name) => _header.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonDocument ReadObject(string part)
    {
        var document = JsonDocument.Parse(Base64Url.DecodeFromChars(part));
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        throw new FormatException("a part is no JSON object");
    }
}
