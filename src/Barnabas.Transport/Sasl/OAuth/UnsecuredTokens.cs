using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>Makes tokens that nobody signs, by the <c>unsecuredLogin</c> options of OAuthBearerLoginModule: for tests alone.</summary>
public static class UnsecuredTokens
{
    private const string TextClaim = "unsecuredLoginStringClaim_";
    private const string NumberClaim = "unsecuredLoginNumberClaim_";
    private const string ListClaim = "unsecuredLoginListClaim_";

    /// <summary>Whether options ask for such a token.</summary>
    public static bool AreAskedFor(IReadOnlyDictionary<string, string> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Keys.Any(key => key.StartsWith("unsecuredLogin", StringComparison.Ordinal));
    }

    /// <summary>A token with the claims that options name.</summary>
    public static string Create(IReadOnlyDictionary<string, string> options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        var life = options.TryGetValue("unsecuredLoginLifetimeSeconds", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 3600;
        using var payload = new MemoryStream();
        using (var json = new Utf8JsonWriter(payload))
        {
            json.WriteStartObject();
            foreach (var (key, value) in options)
            {
                if (key.StartsWith(TextClaim, StringComparison.Ordinal))
                    json.WriteString(key[TextClaim.Length..], value);
                else if (key.StartsWith(NumberClaim, StringComparison.Ordinal) && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                    json.WriteNumber(key[NumberClaim.Length..], number);
                else if (key.StartsWith(ListClaim, StringComparison.Ordinal) && value.Length > 0)
                    WriteList(json, key[ListClaim.Length..], value);
            }
            json.WriteNumber("iat", now.ToUnixTimeMilliseconds() / 1000.0);
            json.WriteNumber("exp", now.ToUnixTimeMilliseconds() / 1000.0 + life);
            json.WriteEndObject();
        }
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes("{\"alg\":\"none\"}")) + "." + Base64Url.EncodeToString(payload.ToArray()) + ".";
    }

    // The first character divides the rest: "|a|b".
    private static void WriteList(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        foreach (var item in value[1..].Split(value[0]))
            json.WriteStringValue(item);
        json.WriteEndArray();
    }
}
