namespace Barnabas.Transport.Sasl.Scram;

/// <summary>What a server knows of a user's password. Holds secrets: its text form says nothing.</summary>
/// <param name="Salt">The salt.</param>
/// <param name="StoredKey">The hash of the client's key.</param>
/// <param name="ServerKey">The server's key.</param>
/// <param name="Iterations">How often the password was hashed.</param>
/// <param name="TokenOwner">Where a delegation token stands for a user, the user; else null.</param>
/// <param name="ExpiresAt">When a delegation token ends; else null.</param>
public sealed record ScramCredential(
    ReadOnlyMemory<byte> Salt, ReadOnlyMemory<byte> StoredKey, ReadOnlyMemory<byte> ServerKey, int Iterations, string? TokenOwner = null, DateTimeOffset? ExpiresAt = null)
{
    /// <summary>Nothing of it.</summary>
    public override string ToString() => "[hidden]";
}
