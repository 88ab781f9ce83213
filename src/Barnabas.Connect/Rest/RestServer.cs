using Barnabas.Configuration;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Herding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Rest;

/// <summary>The REST API over HTTP.</summary>
public sealed class RestServer : IAsyncDisposable
{
    private const long MaxBodyBytes = 16 * 1024 * 1024;

    private readonly WebApplication _app;

    private RestServer(WebApplication app) => _app = app;

    /// <summary>The addresses it listens on, with the ports that were free where 0 was asked for.</summary>
    public IReadOnlyCollection<string> Addresses => [.. _app.Urls];

    /// <summary>Starts to listen.</summary>
    /// <param name="listeners">As <c>http://host:port</c>; no host means all addresses.</param>
    /// <param name="herder">Who answers.</param>
    /// <param name="clusterId">The Kafka cluster's id, or null while it is not known.</param>
    /// <param name="loggers">Where the server logs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ConfigException">A listener is not valid.</exception>
    /// <exception cref="IOException">A port is in use.</exception>
    public static async Task<RestServer> StartAsync(
        IReadOnlyList<string> listeners, Herder herder, Func<string?> clusterId, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "barnabas" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxBodyBytes;
            options.Limits.MaxConcurrentConnections = 1_000;
        });
        builder.WebHost.UseUrls([.. listeners.Select(Url)]);
        var app = builder.Build();
        app.Use(AnswerErrorsAsync);
        ConnectorRoutes.Map(app, herder);
        OffsetRoutes.Map(app, herder);
        WorkerRoutes.Map(app, herder, clusterId);
        app.MapFallback(context => RestJson.ErrorAsync(context, 404, "HTTP 404 Not Found"));
        await app.StartAsync(cancellationToken);
        return new RestServer(app);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static string Url(string listener)
    {
        if (!Uri.TryCreate(listener.Replace("://:", "://0.0.0.0:", StringComparison.Ordinal), UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Port < 0)
            throw new ConfigException("listeners", listener, "Malformed listener: expected http://host:port");
        if (uri.Scheme == "https") throw new ConfigException("listeners", listener, "the REST API speaks http only; put a proxy before it for https");
        return uri.Host == "0.0.0.0" ? $"http://*:{uri.Port}" : $"http://{uri.Host}:{uri.Port}";
    }

    private static async Task AnswerErrorsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
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
        catch (Exception error) when (error is ConnectException or TimeoutException or Protocol.KafkaException)
        {
            await RestJson.ErrorAsync(context, 500, error.Message);
        }
    }
}
