using System.Net;
using Barnabas.Broker.Requests;
using Barnabas.Coordination.Groups;

namespace Barnabas.Broker.Coordination;

/// <summary>What the group coordinator learns of a request besides its fields.</summary>
internal static class GroupRequests
{
    /// <summary>The client as groups show it: its host with a slash in front, as Java writes an address without a name.</summary>
    public static GroupRequestContext ContextOf(RequestContext context) =>
        new(context.ApiVersion, context.ClientId ?? "", "/" + Plain(context.ClientAddress));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
