using Barnabas.Broker.Requests;
using Barnabas.Metadata.Controller;

namespace Barnabas.Broker.Apis;

/// <summary>Tells the controller who asks.</summary>
internal static class ControllerContexts
{
    /// <param name="context">The request.</param>
    /// <param name="timeoutMs">How long the client waits, or null where requests do not say.</param>
    internal static ControllerRequestContext Of(RequestContext context, int? timeoutMs) =>
        new(context.ApiVersion, context.Principal.ToString(), timeoutMs is >= 0 and { } ms ? TimeSpan.FromMilliseconds(ms) : null)
        {
            IsForwarded = context.IsForwarded,
        };
}
