using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Formatting;

/// <summary>Reads <c>--add-scram</c>: <c>SCRAM-SHA-512=[name=alice,iterations=8192,salt="N3E=",saltedpassword="YCE="]</c>.</summary>
internal static class ScramCredentialParser
{
    private const int MinIterations = 4096;
    private const int MaxIterations = 16384;
    private const int SaltBytes = 24;

    /// <exception cref="FormatterException">The text is not of that form.</exception>
    internal static UserScramCredentialRecord Parse(string argument)
    {
        var text = argument.Trim();
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) throw new FormatterException($"Failed to find equals sign in SCRAM argument '{text}'");
        var mechanism = text[..equals];
        var (number, algorithm) = mechanism switch
        {
            "SCRAM-SHA-256" => ((sbyte)1, HashAlgorithmName.SHA256),
            "SCRAM-SHA-512" => ((sbyte)2, HashAlgorithmName.SHA512),
            _ => throw new FormatterException($"The add-scram mechanism {mechanism} is not supported."),
        };
        var config = text[(equals + 1)..];
        if (!config.StartsWith('[')) throw new FormatterException("Expected configuration string to start with [");
        if (!config.EndsWith(']')) throw new FormatterException("Expected configuration string to end with ]");
        var parts = Components(config[1..^1]);

        if (!parts.Remove("name", out var name)) throw new FormatterException("You must supply 'name' to add-scram");
        var salt = parts.Remove("salt", out var saltText) ? Decode(saltText, "salt") : null;
        var iterations = MinIterations;
        if (parts.Remove("iterations", out var iterationsText) &&
            !int.TryParse(iterationsText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out iterations))
        {
            throw new FormatterException($"Failed to parse iterations count: {iterationsText}");
        }
        var hasPassword = parts.Remove("password", out var password);
        byte[]? salted = null;
        if (parts.Remove("saltedpassword", out var saltedText) && !hasPassword)
        {
            if (salt is null) throw new FormatterException("You must supply 'salt' with 'saltedpassword' to add-scram");
            salted = Decode(saltedText, "saltedPassword");
        }
        else if (!hasPassword)
        {
            throw new FormatterException("You must supply one of 'password' or 'saltedpassword' to add-scram");
        }
        if (parts.Count > 0) throw new FormatterException($"Unknown SCRAM configurations: {string.Join(", ", parts.Keys)}");
        if (iterations < MinIterations) throw Limit(">=", MinIterations, mechanism);
        if (iterations > MaxIterations) throw Limit("<=", MaxIterations, mechanism);

        salt ??= RandomNumberGenerator.GetBytes(SaltBytes);
        salted ??= Rfc2898DeriveBytes.Pbkdf2(
            Encoding.UTF8.GetBytes(password!), salt, iterations, algorithm, algorithm == HashAlgorithmName.SHA256 ? 32 : 64);
        var clientKey = Hmac(algorithm, salted, "Client Key");
        return new UserScramCredentialRecord
        {
            Name = name,
            Mechanism = number,
            Salt = salt,
            StoredKey = algorithm == HashAlgorithmName.SHA256 ? SHA256.HashData(clientKey) : SHA512.HashData(clientKey),
            ServerKey = Hmac(algorithm, salted, "Server Key"),
            Iterations = iterations,
        };
    }

    private static FormatterException Limit(string relation, int limit, string mechanism) =>
        new($"The 'iterations' value must be {relation} {limit} for add-scram using {mechanism.Replace('-', '_')}");

    private static byte[] Hmac(HashAlgorithmName algorithm, byte[] key, string text) => algorithm == HashAlgorithmName.SHA256
        ? HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))
        : HMACSHA512.HashData(key, Encoding.UTF8.GetBytes(text));

    private static SortedDictionary<string, string> Components(string config)
    {
        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var component in config.Split(','))
        {
            var equals = component.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0) throw new FormatterException($"No equals sign found in SCRAM component: {component}");
            var value = component[(equals + 1)..];
            if (value.Length >= 2 && value.StartsWith('"') && value.EndsWith('"')) value = value[1..^1];
            parts[component[..equals]] = value;
        }
        return parts;
    }

    private static byte[] Decode(string text, string what)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException e)
        {
            throw new FormatterException($"Failed to decode given {what}: {text}", e);
        }
    }
}
