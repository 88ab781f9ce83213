using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Barnabas.Fms.Readings;
using Microsoft.AspNetCore.Http;

namespace Barnabas.Fms.Simulation;

/// <summary>Answers the requests of the simulator's API.</summary>
internal sealed class SimulatorRoutes(DeviceFleet fleet, FaultPlan faults, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        // The control endpoint itself has no faults.
        if (path is ["faults", ..])
        {
            await ControlAsync(context, path);
            return;
        }

        if (faults.IsDown)
        {
            context.Abort();
            return;
        }

        if (faults.Delay is var delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, time, context.RequestAborted);
        if (faults.AnswersErrors)
            await ErrorAsync(context, StatusCodes.Status500InternalServerError, "the simulator was told to fail");
        else if (!HttpMethods.IsGet(context.Request.Method))
            await ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "GET reads; /faults changes");
        else if (path.Length == 0)
            await JsonAsync(context, WriteIndex);
        else if (path.Length == 1 && int.TryParse(path[0], NumberStyles.None, CultureInfo.InvariantCulture, out var device) && fleet.Has(device))
            await DeviceAsync(context, device);
        else
            await ErrorAsync(context, StatusCodes.Status404NotFound, $"there are devices 1 to {fleet.DeviceCount}: GET /1/");
    }

    // With ?after= all readings since a time, so that who was away misses none; without it the reading of now.
    private Task DeviceAsync(HttpContext context, int device)
    {
        if (!context.Request.Query.TryGetValue("after", out var after))
            return JsonAsync(context, writer => fleet.WriteLatest(writer, device));
        if (after.ToString() is not { Length: > 0 } text)
            return JsonAsync(context, writer => fleet.WriteAfter(writer, device, null));
        return Times.TryParse(text, out var ms)
            ? JsonAsync(context, writer => fleet.WriteAfter(writer, device, ms))
            : ErrorAsync(context, StatusCodes.Status400BadRequest, $"after is no time: {text}");
    }

    private async Task ControlAsync(HttpContext context, string[] path)
    {
        var method = context.Request.Method;
        var query = context.Request.Query;
        var isKnown = path.Length == 1 || (path.Length == 2 && FaultPlan.Kinds.Contains(path[1]));
        if (!isKnown)
            await ErrorAsync(context, StatusCodes.Status404NotFound, $"faults are {string.Join(", ", FaultPlan.Kinds)}");
        else if (HttpMethods.IsPut(method) && path.Length == 2 && !SimulatorServer.TrySet(faults, path[1], query[path[1] == "slow" ? "ms" : "device"], time.GetUtcNow()))
            await ErrorAsync(context, StatusCodes.Status400BadRequest, "PUT /faults/failing?device=3, /faults/slow?ms=500, /faults/errors or /faults/down");
        else if (HttpMethods.IsDelete(method) && !TryClear(path.Length == 2 ? path[1] : null, query["device"]))
            await ErrorAsync(context, StatusCodes.Status400BadRequest, "DELETE /faults/failing?device=3: device is no number");
        else if (HttpMethods.IsGet(method) || HttpMethods.IsDelete(method) || path.Length == 2)
            await JsonAsync(context, WriteFaults);
        else
            await ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "GET, PUT or DELETE");
    }

    private bool TryClear(string? kind, string? device)
    {
        var number = 0;
        if (device is not null && !int.TryParse(device, NumberStyles.None, CultureInfo.InvariantCulture, out number))
            return false;
        if (kind is null or "failing") faults.Mend(device is null ? null : number, time.GetUtcNow());
        if (kind is null or "down") faults.IsDown = false;
        if (kind is null or "errors") faults.AnswersErrors = false;
        if (kind is null or "slow") faults.Delay = TimeSpan.Zero;
        return true;
    }

    private void WriteIndex(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("devices");
        for (var device = 1; device <= fleet.DeviceCount; device++)
            writer.WriteStringValue($"/{device}/");
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteFaults(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("failing");
        foreach (var device in faults.Failing)
            writer.WriteNumberValue(device);
        writer.WriteEndArray();
        writer.WriteBoolean("down", faults.IsDown);
        writer.WriteBoolean("errors", faults.AnswersErrors);
        writer.WriteNumber("slowMs", (int)faults.Delay.TotalMilliseconds);
        writer.WriteEndObject();
    }

    private static Task ErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return JsonAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("error", message);
            writer.WriteEndObject();
        });
    }

    private static async Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        await using (var writer = new Utf8JsonWriter(body))
            write(writer);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }
}
