using System.Net;
using System.Runtime.CompilerServices;

namespace Barnabas.Broker.Configuration;

/// <summary>Names and addresses of hosts. A start asks no resolver unless the configuration names one: the library alone takes as long as a listener.</summary>
internal static class HostAddresses
{
    private const string KernelHostName = "/proc/sys/kernel/hostname";

    /// <summary>What a listener without a host is advertised as.</summary>
    public static string LocalName => OperatingSystem.IsLinux() ? File.ReadAllText(KernelHostName).Trim() : ResolverName();

    /// <summary>The addresses of a host; a literal address is its own.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The name cannot be resolved.</exception>
    public static IPAddress[] Of(string host) => IPAddress.TryParse(host, out var literal) ? [literal] : Resolve(host);

    // Of their own: code that mentions the resolver loads it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IPAddress[] Resolve(string host) => Dns.GetHostAddresses(host);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string ResolverName() => Dns.GetHostName();
}
