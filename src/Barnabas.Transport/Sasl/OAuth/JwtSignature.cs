using System.Security.Cryptography;

namespace Barnabas.Transport.Sasl.OAuth;

/// <summary>The algorithms that signatures are accepted of: public keys alone, so that no key of a provider can be taken for a shared secret, and never <c>none</c>.</summary>
internal static class JwtSignature
{
    public static bool IsValid(Jwt jwt, AsymmetricAlgorithm key)
    {
        var algorithm = jwt.Algorithm;
        if (algorithm.Length != 5 || HashOf(algorithm) is not { } hash)
            return false;
        return (algorithm[..2], key) switch
        {
            ("RS", RSA rsa) => rsa.VerifyData(jwt.SignedBytes, jwt.Signature, hash, RSASignaturePadding.Pkcs1),
            ("PS", RSA rsa) => rsa.VerifyData(jwt.SignedBytes, jwt.Signature, hash, RSASignaturePadding.Pss),
            ("ES", ECDsa ecdsa) => ecdsa.VerifyData(jwt.SignedBytes, jwt.Signature, hash),
            _ => false,
        };
    }

    private static HashAlgorithmName? HashOf(string algorithm) => algorithm[2..] switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => null,
    };
}
