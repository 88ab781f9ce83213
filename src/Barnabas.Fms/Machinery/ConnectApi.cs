using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Barnabas.Fms.Machinery;

/// <summary>A Connect worker's REST API, as far as the pipeline needs it: what a tutorial does with curl.</summary>
internal sealed class ConnectApi(Uri address, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };

    public Uri Address => address;

    public async Task<bool> IsReadyAsync(CancellationToken stop)
    {
        try
        {
            using var response = await _http.GetAsync(new Uri("connectors", UriKind.Relative), stop);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Creates or replaces a connector and waits until it and all its tasks run.</summary>
    /// <param name="file">The name of an embedded file of <c>examples/fms</c>.</param>
    /// <param name="changes">Keys with other values than the file's; null takes one out.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="FmsException">It is refused, or does not run in time.</exception>
    public async Task PutAsync(string file, IReadOnlyDictionary<string, string?> changes, CancellationToken stop)
    {
        var (name, body) = BodyOf(file, changes);
        var answer = "";
        await Waiting.UntilAsync($"connector {name} is accepted", Patience, time, async () =>
        {
            using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await _http.PutAsync(new Uri($"connectors/{name}/config", UriKind.Relative), content, stop);
            answer = await response.Content.ReadAsStringAsync(stop);
            // 409: the workers share out their work, come again.
            if (!response.IsSuccessStatusCode && (int)response.StatusCode is not (409 or 500))
                throw new FmsException($"connector {name}: {answer}");
            return response.IsSuccessStatusCode;
        }, stop);
        await Waiting.UntilAsync($"connector {name} runs", Patience, time, () => RunsAsync(name, stop), stop);
    }

    /// <summary>Whether a connector and all its tasks run, and there is a task.</summary>
    public async Task<bool> RunsAsync(string name, CancellationToken stop)
    {
        using var response = await _http.GetAsync(new Uri($"connectors/{name}/status", UriKind.Relative), stop);
        if (!response.IsSuccessStatusCode)
            return false;
        using var status = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(stop));
        var tasks = status.RootElement.GetProperty("tasks");
        return IsRunning(status.RootElement.GetProperty("connector")) && tasks.GetArrayLength() > 0 && tasks.EnumerateArray().All(IsRunning);
    }

    public void Dispose() => _http.Dispose();

    private static bool IsRunning(JsonElement part) => part.GetProperty("state").ValueEquals("RUNNING"u8);

    private static (string Name, byte[] Config) BodyOf(string file, IReadOnlyDictionary<string, string?> changes)
    {
        using var stream = typeof(ConnectApi).Assembly.GetManifestResourceStream(file) ?? throw new FmsException($"{file} is not in the program");
        using var document = JsonDocument.Parse(stream);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.GetProperty("config").EnumerateObject())
                if (!changes.ContainsKey(property.Name))
                    property.WriteTo(writer);
            foreach (var (key, value) in changes)
                if (value is not null)
                    writer.WriteString(key, value);
            writer.WriteEndObject();
        }

        return (document.RootElement.GetProperty("name").GetString() ?? "", output.WrittenSpan.ToArray());
    }
}
