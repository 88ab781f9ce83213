using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>The public keys of a provider (RFC 7517). Immutable; keys of kinds that sign no tokens are left out.</summary>
internal sealed class JsonWebKeySet
{
    private const int MaxKeys = 256;
    private const int MinRsaBits = 2048;
    private readonly List<(string? Id, AsymmetricAlgorithm Key)> _keys = [];

    /// <exception cref="JsonException">It is no key set.</exception>
    public static JsonWebKeySet Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var set = new JsonWebKeySet();
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("keys", out var keys) || keys.ValueKind != JsonValueKind.Array)
            throw new JsonException("there is no array of keys");
        foreach (var key in keys.EnumerateArray().Take(MaxKeys))
        {
            if (key.ValueKind != JsonValueKind.Object)
                throw new JsonException("a key is no object");
            if (Text(key, "use") is null or "sig" && Read(key) is { } read)
                set._keys.Add((Text(key, "kid"), read));
        }
        return set;
    }

    /// <summary>The keys that may have signed a token: the one it names, or all where it names none.</summary>
    public IEnumerable<AsymmetricAlgorithm> Find(string? keyId) => _keys.Where(key => keyId is null || key.Id == keyId).Select(key => key.Key);

    private static AsymmetricAlgorithm? Read(JsonElement key)
    {
        try
        {
            switch (Text(key, "kty"))
            {
                case "RSA":
                    var rsa = RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });
                    return rsa.KeySize >= MinRsaBits ? rsa : null;
                case "EC" when CurveOf(Text(key, "crv")) is { } curve:
                    return ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } });
                default:
                    return null;
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new JsonException($"the key {Text(key, "kid")} is malformed", e);
        }
    }

    private static ECCurve? CurveOf(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string? Text(JsonElement key, string name) => key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name) => Base64Url.DecodeFromChars(Text(key, name) ?? throw new FormatException($"{name} is missing"));
}
