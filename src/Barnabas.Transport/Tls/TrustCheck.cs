using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Barnabas.Transport.Tls;

/// <summary>Whether a peer's certificate leads to a trusted one. As in Java every certificate of the trust store is an anchor, not roots alone.</summary>
internal static class TrustCheck
{
    public static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    public static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    public static bool IsTrusted(X509Certificate certificate, X509Chain? sent, X509Certificate2Collection? trusted, Oid use, TimeProvider time)
    {
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTimeIgnored = false;
        policy.VerificationTime = time.GetUtcNow().LocalDateTime;
        policy.ApplicationPolicy.Add(use);
        if (sent is not null)
            policy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        if (trusted is null)
            return chain.Build(leaf);
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(trusted);
        if (chain.Build(leaf))
            return true;
        const X509ChainStatusFlags NoRoot = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot;
        var isComplete = chain.ChainStatus.All(status => (status.Status & ~NoRoot) == 0);
        return isComplete && chain.ChainElements.Any(element => trusted.Any(anchor => anchor.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span)));
    }
}
