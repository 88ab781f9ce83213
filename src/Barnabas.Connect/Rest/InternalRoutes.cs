using System.Text.Json;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Barnabas.Connect.Rest;

/// <summary>What workers ask the leader for (KIP-507, KIP-618); not for people.</summary>
internal static class InternalRoutes
{
    public static void Map(WebApplication app, HerderHandle handle)
    {
        app.MapPost("/connectors/{name}/tasks", async context =>
        {
            var body = await BodyAsync(context);
            await AsLeaderAsync(() => handle.Herder.PutTasksAsync(ConnectorRoutes.Name(context), Tasks(body), Signature(context, body), context.RequestAborted));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        app.MapPut("/connectors/{name}/fence", async context =>
        {
            var body = await BodyAsync(context);
            await AsLeaderAsync(() => handle.Herder.FenceAsync(ConnectorRoutes.Name(context), Signature(context, body), context.RequestAborted));
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
    }

    // The worker that asks looks for the leader again; a signed request is not sent on by a third.
    private static async Task AsLeaderAsync(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (RequestTargetException error)
        {
            throw new RestException(409, error.Message);
        }
    }

    private static async Task<byte[]> BodyAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        return buffer.ToArray();
    }

    private static InternalRequestSignature Signature(HttpContext context, byte[] body) =>
        new(body, context.Request.Headers[InternalRequestSignature.AlgorithmHeader], context.Request.Headers[InternalRequestSignature.SignatureHeader]);

    private static List<IReadOnlyDictionary<string, string>> Tasks(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Array) throw new RestException(400, "The body is not a list of task configurations.");
            return [.. document.RootElement.EnumerateArray().Select(task =>
                (IReadOnlyDictionary<string, string>)RestJson.ReadConfigs(task).Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!))];
        }
        catch (JsonException error)
        {
            throw new RestException(400, "The body is not valid JSON: " + error.Message);
        }
    }
}
