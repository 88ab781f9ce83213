using Barnabas.Configuration;
using Barnabas.Connect.Distributed;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Barnabas.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The REST API over HTTP. It listens at once, and answers 503 until it has somebody to ask.</summary>
public sealed class RestServer : IAsyncDisposable
{
    private const int MaxBodyBytes = 16 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly HerderHandle _handle;

    private RestServer(WebApplication app, HerderHandle handle)
    {
        _app = app;
        _handle = handle;
    }

    /// <summary>The addresses it listens on, with the ports that were free where 0 was asked for.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Urls];

    /// <summary>Starts to listen.</summary>
    /// <param name="listeners">As <c>http://host:port</c> or <c>https://host:port</c>; no host means all addresses.</param>
    /// <param name="tls">The certificates of https listeners; null where there are none.</param>
    /// <param name="loggers">Where the server logs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigException">A listener is not valid.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<RestServer> StartAsync(IReadOnlyList<string> listeners, TlsContext? tls, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        List<RestListener> parsed = [.. listeners.Select(RestListener.Parse)];
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "barnabas" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxConcurrentConnections = 1_000;
            foreach (var listener in parsed) listener.Listen(options, tls);
        });
        if (parsed.Exists(listener => listener.IsTls)) builder.WebHost.UseKestrelHttpsConfiguration();
        var app = builder.Build();
        var handle = new HerderHandle();
        app.Use((context, next) => AnswerAsync(context, next, handle));
        ConnectorRoutes.Map(app, handle);
        OffsetRoutes.Map(app, handle);
        InternalRoutes.Map(app, handle);
        LoggerRoutes.Map(app, handle);
        WorkerRoutes.Map(app, handle);
        app.MapFallback(context => RestJson.ErrorAsync(context, 404, "HTTP 404 Not Found"));
        await app.StartAsync(cancellationToken);
        return new RestServer(app, handle);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>From now on the herder answers.</summary>
    internal void Attach(Herder herder, WorkerClient? others, string? clusterId)
    {
        _handle.Others = others;
        _handle.ClusterId = clusterId;
        _handle.Attach(herder);
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, HerderHandle handle)
    {
        try
        {
            try
            {
                if (handle.Others is not null) context.Request.EnableBuffering(MaxBodyBytes, MaxBodyBytes);
                await next(context);
            }
            catch (RequestTargetException target) when (handle.Others is { } others)
            {
                await Forwarding.ForwardAsync(context, target, others);
            }
        }
        catch (RestException error)
        {
            await RestJson.ErrorAsync(context, error.Status, error.Message);
        }
        catch (ConfigException error)
        {
            await RestJson.ErrorAsync(context, 400, error.Message);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException error)
        {
            await RestJson.ErrorAsync(context, error.StatusCode, error.Message);
        }
        catch (TimeoutException)
        {
            await RestJson.ErrorAsync(context, 500, "Request timed out");
        }
        catch (Exception error) when (error is ConnectException or Protocol.KafkaException)
        {
            await RestJson.ErrorAsync(context, 500, error.Message);
        }
    }
}
