using System.Security.Cryptography;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Sasl.Scram;

namespace Barnabas.Client.Admin;

/// <summary>A SCRAM mechanism, with Kafka's codes.</summary>
public enum ScramMechanismType : sbyte
{
    /// <summary>A code this version does not know.</summary>
    Unknown = 0,

    /// <summary>SCRAM-SHA-256.</summary>
    ScramSha256 = 1,

    /// <summary>SCRAM-SHA-512.</summary>
    ScramSha512 = 2,
}

/// <summary>What there is to tell of a credential.</summary>
/// <param name="Mechanism">The mechanism.</param>
/// <param name="Iterations">How often the password was hashed.</param>
public sealed record ScramCredentialInfo(ScramMechanismType Mechanism, int Iterations);

/// <summary>A credential that is set or removed. Holds a secret: it has no text form.</summary>
public sealed class UserScramCredentialAlteration
{
    private const int SaltBytes = 24;
    private readonly ScramMechanismType _mechanism;
    private readonly int? _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _saltedPassword;

    private UserScramCredentialAlteration(string user, ScramMechanismType mechanism, int? iterations, byte[] salt, byte[] saltedPassword)
    {
        User = user;
        _mechanism = mechanism;
        _iterations = iterations;
        _salt = salt;
        _saltedPassword = saltedPassword;
    }

    /// <summary>The user.</summary>
    public string User { get; }

    /// <summary>Sets a user's password, with a salt of its own.</summary>
    /// <param name="user">The user.</param>
    /// <param name="mechanism">The mechanism.</param>
    /// <param name="iterations">How often the password is hashed: 4096 to 16384.</param>
    /// <param name="password">The password.</param>
    public static UserScramCredentialAlteration Set(string user, ScramMechanismType mechanism, int iterations, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var functions = ScramMechanism.Find((sbyte)mechanism) ?? throw new ArgumentOutOfRangeException(nameof(mechanism), mechanism, "no such mechanism");
        return new(user, mechanism, iterations, salt, functions.SaltedPassword(password, salt, Math.Clamp(iterations, 1, ScramMechanism.MaxIterations)));
    }

    /// <summary>Removes a user's credential.</summary>
    public static UserScramCredentialAlteration Delete(string user, ScramMechanismType mechanism) => new(user, mechanism, null, [], []);

    internal void AddTo(AlterUserScramCredentialsRequest request)
    {
        if (_iterations is { } iterations)
            request.Upsertions.Add(new() { Name = User, Mechanism = (sbyte)_mechanism, Iterations = iterations, Salt = _salt, SaltedPassword = _saltedPassword });
        else
            request.Deletions.Add(new() { Name = User, Mechanism = (sbyte)_mechanism });
    }
}
