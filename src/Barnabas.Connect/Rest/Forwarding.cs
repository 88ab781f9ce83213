using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;

namespace Barnabas.Connect.Rest;

/// <summary>
/// A request that another worker has to answer is sent there, and its answer back: twice at most, since the first may
/// know no more than who leads.
/// </summary>
internal static class Forwarding
{
    private const string Parameter = "forward";

    /// <exception cref="RestException">Nobody knows where to (409), or that worker cannot be reached (500).</exception>
    public static async Task ForwardAsync(RestContext context, RequestTargetException target, WorkerClient others)
    {
        var forward = context.QueryValue(Parameter);
        if (string.Equals(forward, "false", StringComparison.OrdinalIgnoreCase))
            throw new RestException(409, "Cannot complete request because of a conflicting operation (e.g. worker rebalance)");
        if (target.Url is not { Length: > 0 } url)
            throw new RestException(409, "Cannot complete request momentarily due to no known leader URL, likely because a rebalance was underway.");
        var query = context.Query.Where(entry => entry.Key != Parameter).Append(KeyValuePair.Create(Parameter, forward is null ? "true" : "false"));
        using var answer = await others.ForwardAsync(
            context.Request.Method,
            url,
            $"{context.Request.Path}?{string.Join('&', query.Select(entry => $"{Uri.EscapeDataString(entry.Key)}={Uri.EscapeDataString(entry.Value)}"))}",
            context.Request.Body.ToArray(),
            context.Request.Header("Authorization"),
            context.Stop);
        context.Answer.Status = (int)answer.StatusCode;
        context.Answer.Location = answer.Headers.Location?.ToString();
        context.Answer.ContentType = answer.Content.Headers.ContentType?.ToString();
        context.Answer.Body = await answer.Content.ReadAsByteArrayAsync(context.Stop);
    }
}
