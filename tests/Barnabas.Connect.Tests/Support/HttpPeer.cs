using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Tests.Support;

/// <summary>A real HTTP server on a port of its own; a function answers, and what was asked is written down.</summary>
internal sealed class HttpPeer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HttpPeer(WebApplication app) => _app = app;

    /// <summary>Its address, with a slash at the end.</summary>
    public string Url => _app.Urls.Single() + "/";

    /// <summary>All requests so far, in the order they came.</summary>
    public ConcurrentQueue<Request> Requests { get; } = [];

    public static async Task<HttpPeer> StartAsync(Func<Request, Answer> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var peer = new HttpPeer(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new Request(
                context.Request.Method, context.Request.Path + context.Request.QueryString, await reader.ReadToEndAsync(),
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            peer.Requests.Enqueue(request);
            var (status, body, tag) = answer(request);
            context.Response.StatusCode = status;
            if (tag is not null) context.Response.Headers.ETag = tag;
            if (status != StatusCodes.Status304NotModified) await context.Response.WriteAsync(body);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return peer;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed record Request(string Method, string Path, string Body, IReadOnlyDictionary<string, string> Headers);

    internal sealed record Answer(int Status, string Body, string? Tag = null);
}
