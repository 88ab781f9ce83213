using System.Net;
using Barnabas.Configuration;
using Barnabas.Transport.Tls;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Barnabas.Connect.Rest;

/// <summary>One of <c>listeners</c>.</summary>
/// <param name="Host">Its host; empty for all addresses.</param>
/// <param name="Port">Its port; 0 for a free one.</param>
/// <param name="IsTls">Whether it speaks https.</param>
internal sealed record RestListener(string Host, int Port, bool IsTls)
{
    private const string Anywhere = "0.0.0.0";

    /// <exception cref="ConfigException">It is not valid.</exception>
    public static RestListener Parse(string listener)
    {
        if (!Uri.TryCreate(listener.Replace("://:", $"://{Anywhere}:", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Port < 0)
            throw new ConfigException("listeners", listener, "Malformed listener: expected http://host:port or https://host:port");
        return new RestListener(uri.Host == Anywhere ? "" : uri.Host.Trim('[', ']'), uri.Port, uri.Scheme == "https");
    }

    /// <summary>Has the server listen here.</summary>
    public void Listen(KestrelServerOptions server, TlsContext? tls)
    {
        if (IPAddress.TryParse(Host, out var address)) server.Listen(address, Port, Configure);
        else if (Host == "localhost") server.ListenLocalhost(Port, Configure);
        else server.ListenAnyIP(Port, Configure);

        void Configure(ListenOptions options)
        {
            if (!IsTls) return;
            var context = tls ?? throw new ConfigException("listeners", $"https://{Host}:{Port}", "it needs a certificate: set listeners.https.ssl.keystore.location");
            // Asked for at each handshake: a certificate is renewed by replacing its file.
            options.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(context.ServerOptions()) });
        }
    }
}
