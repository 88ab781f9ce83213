using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;
using Microsoft.AspNetCore.Http;

namespace Barnabas.Connect.Rest;

/// <summary>
/// A request that another worker has to answer is sent there, and its answer back: twice at most, since the first may
/// know no more than who leads.
/// </summary>
internal static class Forwarding
{
    private const string Parameter = "forward";

    /// <exception cref="RestException">Nobody knows where to (409), or that worker cannot be reached (500).</exception>
    public static async Task ForwardAsync(HttpContext context, RequestTargetException target, WorkerClient others)
    {
        var forward = (string?)context.Request.Query[Parameter];
        if (string.Equals(forward, "false", StringComparison.OrdinalIgnoreCase))
            throw new RestException(409, "Cannot complete request because of a conflicting operation (e.g. worker rebalance)");
        if (target.Url is not { Length: > 0 } url)
            throw new RestException(409, "Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.");
        var query = context.Request.Query.Where(entry => entry.Key != Parameter).SelectMany(entry => entry.Value.Select(value => KeyValuePair.Create(entry.Key, value)))
            .Append(KeyValuePair.Create(Parameter, (string?)(forward is null ? "true" : "false")));
        using var answer = await others.ForwardAsync(
            context.Request.Method,
            url,
            context.Request.Path.ToUriComponent() + QueryString.Create(query).ToUriComponent(),
            await BodyAsync(context),
            context.Request.Headers.Authorization,
            context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        if (answer.Headers.Location is { } location) context.Response.Headers.Location = location.ToString();
        if (answer.Content.Headers.ContentType is { } type) context.Response.ContentType = type.ToString();
        if ((int)answer.StatusCode == StatusCodes.Status204NoContent) return;
        await answer.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        context.Request.Body.Position = 0;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }
}
