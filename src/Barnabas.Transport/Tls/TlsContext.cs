using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Tls;

/// <summary>
/// What TLS connections of one listener or client are made of. Key and trust stores are read again when their files have
/// changed, so that a certificate is renewed by replacing a file; what is unreadable then is told and the old goes on.
/// Safe from any thread.
/// </summary>
public sealed class TlsContext
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private TlsSettings _settings;
    private Material _material;
    private long _lastLook;

    /// <summary>Reads the stores.</summary>
    /// <exception cref="TlsException">A store cannot be read, or a setting is not known.</exception>
    public TlsContext(TlsSettings settings, TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _time = time;
        _logger = logger;
        _material = Material.Read(settings);
        _lastLook = time.GetTimestamp();
    }

    /// <summary>Whether there is a certificate to show: a server needs one.</summary>
    public bool HasCertificate => Current().Certificate is not null;

    /// <summary>Goes over to other settings; connections that stand stay as they are.</summary>
    /// <exception cref="TlsException">A store cannot be read; the settings stay as they were.</exception>
    public void Change(TlsSettings settings)
    {
        var material = Material.Read(settings);
        lock (_lock)
        {
            _settings = settings;
            _material = material;
        }
    }

    /// <summary>What a server's next handshake goes by.</summary>
    /// <exception cref="TlsException">There is no certificate.</exception>
    public SslServerAuthenticationOptions ServerOptions()
    {
        var material = Current();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = material.Certificate ?? throw new TlsException("ssl.keystore.location is not set: a TLS listener needs a certificate"),
            ClientCertificateRequired = material.Settings.ClientAuth != ClientAuth.None,
            EnabledSslProtocols = material.Protocols,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, _) => certificate is null
                ? material.Settings.ClientAuth != ClientAuth.Required
                : material.Settings.ClientAuth == ClientAuth.None || TrustCheck.IsTrusted(certificate, chain, material.Trusted, TrustCheck.ClientUse, _time),
        };
        if (material.Ciphers is { } ciphers)
            options.CipherSuitesPolicy = ciphers;
        return options;
    }

    /// <summary>What a client's next handshake goes by.</summary>
    /// <param name="host">The name that the server's certificate has to be for; null where whoever connects sets it.</param>
    public SslClientAuthenticationOptions ClientOptions(string? host)
    {
        var material = Current();
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = material.Protocols,
            ClientCertificateContext = material.Certificate,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => certificate is not null
                && (!material.Settings.ChecksHostName || (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0)
                && TrustCheck.IsTrusted(certificate, chain, material.Trusted, TrustCheck.ServerUse, _time),
        };
        if (material.Ciphers is { } ciphers)
            options.CipherSuitesPolicy = ciphers;
        return options;
    }

    private Material Current()
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_lastLook) < LookInterval)
                return _material;
            _lastLook = _time.GetTimestamp();
            if (Material.StampOf(_settings) == _material.Stamp)
                return _material;
            try
            {
                _material = Material.Read(_settings);
                TlsLog.Reloaded(_logger, _settings.KeyStore.Location ?? "the configuration");
            }
            catch (TlsException e)
            {
                _material = _material with { Stamp = Material.StampOf(_settings) };
                TlsLog.ReloadFailed(_logger, e.Message);
            }
            return _material;
        }
    }

    private sealed record Material(
        TlsSettings Settings, SslStreamCertificateContext? Certificate, X509Certificate2Collection? Trusted, SslProtocols Protocols, CipherSuitesPolicy? Ciphers,
        (DateTime Key, DateTime Trust) Stamp)
    {
        public static Material Read(TlsSettings settings)
        {
            var stamp = StampOf(settings);
            var key = KeyStoreReader.ReadKey(settings.KeyStore);
            return new Material(
                settings, key is { } found ? SslStreamCertificateContext.Create(found.Leaf, found.Chain, offline: true) : null,
                KeyStoreReader.ReadTrust(settings.TrustStore), TlsNames.Protocols(settings.EnabledProtocols), TlsNames.Ciphers(settings.CipherSuites), stamp);
        }

        public static (DateTime, DateTime) StampOf(TlsSettings settings) => (StampOf(settings.KeyStore.Location), StampOf(settings.TrustStore.Location));

        private static DateTime StampOf(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);
    }
}
