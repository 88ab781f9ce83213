using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Barnabas.Fms.Simulation;

/// <summary>The FMS API over HTTP: <c>/{DeviceId}/</c>, and <c>/faults</c> to make trouble.</summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SimulatorServer(WebApplication app, FaultPlan faults)
    {
        _app = app;
        Faults = faults;
    }

    /// <summary>What goes wrong at the moment.</summary>
    public FaultPlan Faults { get; }

    /// <summary>Its address, as <c>http://host:port</c>, with the port that was free where 0 was asked for.</summary>
    public string Url => _app.Urls.First();

    /// <summary>Starts to serve.</summary>
    /// <param name="url">Where, as <c>http://host:port</c>.</param>
    /// <param name="options">What the factory is like.</param>
    /// <param name="faults">What goes wrong from the start.</param>
    /// <param name="time">The clock of the readings.</param>
    /// <param name="loggers">Where the server logs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="InvalidDataException">The sensors' files are not as they must be.</exception>
    public static async Task<SimulatorServer> StartAsync(
        string url, SimulatorOptions options, FaultPlan faults, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadingSource source = options.SensorFolder is { } folder
            ? new ReplayedReadings(SensorFiles.Load(folder), options.DeviceCount, options.Seed)
            : new GeneratedReadings(options.Seed);
        var routes = new SimulatorRoutes(new DeviceFleet(options, source, faults, time), faults, time);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "barnabas" });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = 0;
            server.Limits.MaxConcurrentConnections = 1_000;
        });
        builder.WebHost.UseUrls(url);
        var app = builder.Build();
        app.Run(routes.AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new SimulatorServer(app, faults);
    }

    /// <summary>Sets a fault as the command line and the control endpoint name it.</summary>
    /// <param name="faults">Where it is set.</param>
    /// <param name="kind">One of <see cref="FaultPlan.Kinds"/>.</param>
    /// <param name="value">The device of <c>failing</c>, the milliseconds of <c>slow</c>; else not looked at.</param>
    /// <param name="now">From when on.</param>
    /// <returns>False where there is no such fault or its value is none.</returns>
    public static bool TrySet(FaultPlan faults, string kind, string? value, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        switch (kind)
        {
            case "failing" when isNumber: faults.Fail(number, now); return true;
            case "slow" when isNumber && number <= 600_000: faults.Delay = TimeSpan.FromMilliseconds(number); return true;
            case "down": return faults.IsDown = true;
            case "errors": return faults.AnswersErrors = true;
            default: return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
