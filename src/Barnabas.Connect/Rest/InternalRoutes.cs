using System.Text.Json;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;

namespace Barnabas.Connect.Rest;

/// <summary>What workers ask the leader for (KIP-507, KIP-618); not for people.</summary>
internal static class InternalRoutes
{
    public static void Map(RouteTable routes, HerderHandle handle)
    {
        routes.Post("/connectors/{name}/tasks", async context =>
        {
            await AsLeaderAsync(() => handle.Herder.PutTasksAsync(ConnectorRoutes.Name(context), Tasks(context.Request.Body), Signature(context), context.Stop));
            context.Answer.Status = 204;
        }, isBetweenWorkers: true);
        routes.Put("/connectors/{name}/fence", async context =>
        {
            await AsLeaderAsync(() => handle.Herder.FenceAsync(ConnectorRoutes.Name(context), Signature(context), context.Stop));
            context.Answer.Status = 204;
        }, isBetweenWorkers: true);
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

    private static InternalRequestSignature Signature(RestContext context) =>
        new(context.Request.Body, context.Request.Header(InternalRequestSignature.AlgorithmHeader), context.Request.Header(InternalRequestSignature.SignatureHeader));

    private static List<IReadOnlyDictionary<string, string>> Tasks(ReadOnlyMemory<byte> body)
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
