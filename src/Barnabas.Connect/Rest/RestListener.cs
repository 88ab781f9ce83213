using System.Globalization;
using System.Net;
using Barnabas.Configuration;

namespace Barnabas.Connect.Rest;

/// <summary>One of <c>listeners</c> or <c>admin.listeners</c>.</summary>
/// <param name="Host">Its host; empty for all addresses.</param>
/// <param name="Port">Its port; 0 for a free one.</param>
/// <param name="IsTls">Whether it speaks https.</param>
internal sealed record RestListener(string Host, int Port, bool IsTls)
{
    private const string Anywhere = "0.0.0.0";

    /// <summary>Reads one of those that a key names.</summary>
    /// <exception cref="ConfigException">It is not valid.</exception>
    public static RestListener Parse(string key, string listener)
    {
        if (!Uri.TryCreate(listener.Replace("://:", $"://{Anywhere}:", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Port < 0)
            throw new ConfigException(key, listener, "Malformed listener: expected http://host:port or https://host:port");
        return new RestListener(uri.Host == Anywhere ? "" : uri.Host.Trim('[', ']'), uri.Port, uri.Scheme == "https");
    }

    /// <summary>The address of one that listens, with the port it has got.</summary>
    public string AddressOf(IPEndPoint bound)
    {
        var host = Host.Length == 0 ? "[::]" : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return string.Create(CultureInfo.InvariantCulture, $"{(IsTls ? "https" : "http")}://{host}:{bound.Port}");
    }
}
