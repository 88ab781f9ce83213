using System.Text;
using System.Text.RegularExpressions;

namespace Barnabas.Transport.Sasl.Scram;

/// <summary>The messages of SCRAM (RFC 5802, section 7).</summary>
internal static partial class ScramText
{
    public const int MaxNonceLength = 256;

    /// <summary>A nonce of 24 random bytes.</summary>
    public static string Nonce() => Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(24));

    public static string Escape(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    public static string Unescape(string name)
    {
        var plain = name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "\u0000", StringComparison.Ordinal);
        return plain.Contains('=', StringComparison.Ordinal) ? throw SaslException.Told($"Invalid username: {name}") : plain.Replace('\u0000', '=');
    }

    public static string Read(ReadOnlyMemory<byte> token) => Encoding.UTF8.GetString(token.Span);

    public static byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new SaslException("A SCRAM message holds no Base64 where it has to");
        }
    }

    [GeneratedRegex(@"^n,(?:a=(?<authzid>[^,]*))?,(?<bare>n=(?<name>[^,]+),r=(?<nonce>[\x21-\x2B\x2D-\x7E]+)(?<extensions>(?:,[A-Za-z][A-Za-z0-9]*=[^,]*)*))$")]
    public static partial Regex ClientFirst();

    [GeneratedRegex(@"^r=(?<nonce>[\x21-\x2B\x2D-\x7E]+),s=(?<salt>[A-Za-z0-9+/=]+),i=(?<iterations>[0-9]{1,9})(?:,.*)?$")]
    public static partial Regex ServerFirst();

    [GeneratedRegex(@"^(?<bare>c=(?<channel>[A-Za-z0-9+/=]+),r=(?<nonce>[\x21-\x2B\x2D-\x7E]+)(?:,[A-Za-z]+=[^,]*)*),p=(?<proof>[A-Za-z0-9+/=]+)$")]
    public static partial Regex ClientFinal();

    [GeneratedRegex(@"^(?:e=(?<error>[^,]*)|v=(?<signature>[A-Za-z0-9+/=]+))(?:,.*)?$")]
    public static partial Regex ServerFinal();
}
