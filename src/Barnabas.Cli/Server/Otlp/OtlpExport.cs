using Barnabas.Broker.Telemetry;
using Barnabas.Cli.Framework;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Barnabas.Cli.Server.Otlp;

/// <summary>
/// Sends a node's metrics, and a share of its requests as spans, to an OpenTelemetry collector (OTLP in protocol buffers over HTTP). A collector
/// that does not answer is told of once, and tried again with the next export. Owned by the program that runs the node; made only where it is asked for,
/// so that other nodes load nothing of it.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const int ExportTimeoutMs = 10_000;

    private readonly MetricsBridge _metrics;
    private readonly TracerProvider? _traces;
    private readonly OtlpOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _exporting;
    private bool _fails;

    private OtlpExport(OtlpOptions options, Func<IReadOnlyList<MetricSample>> read, TimeProvider time, ILogger logger)
    {
        _options = options;
        _logger = logger;
        var resource = ResourceBuilder.CreateEmpty().AddService("barnabas", serviceVersion: Versions.Barnabas, serviceInstanceId: $"{options.NodeId}");
        _metrics = new MetricsBridge(read, new OtlpMetricExporter(Exporter("v1/metrics")), resource);
        if (options.TracesRatio > 0)
        {
            _traces = Sdk.CreateTracerProviderBuilder().AddSource(RequestTracing.SourceName).SetResourceBuilder(resource)
                .SetSampler(new TraceIdRatioBasedSampler(options.TracesRatio))
                .AddProcessor(new BatchActivityExportProcessor(
                    new OtlpTraceExporter(Exporter("v1/traces")), scheduledDelayMilliseconds: (int)Math.Min(5_000, options.Interval.TotalMilliseconds), exporterTimeoutMilliseconds: ExportTimeoutMs))
                .Build();
        }
        OtlpLog.Begun(logger, options.Endpoint, options.Interval.TotalMilliseconds, options.TracesRatio);
        _exporting = ExportAsync(time);
    }

    /// <summary>Begins to export.</summary>
    public static OtlpExport Start(OtlpOptions options, Func<IReadOnlyList<MetricSample>> read, TimeProvider time, ILogger logger) => new(options, read, time, logger);

    /// <summary>Sends what there is once more, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _exporting;
        // A collector that is gone is not waited for.
        if (!_fails)
            Export();
        _traces?.Dispose();
        _metrics.Dispose();
        _stopping.Dispose();
    }

    private async Task ExportAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(_options.Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
                Export();
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private void Export()
    {
        var succeeded = _metrics.Export();
        if (!succeeded && !_fails)
            OtlpLog.Failed(_logger, _options.Endpoint, _options.Interval.TotalMilliseconds);
        else if (succeeded && _fails)
            OtlpLog.Recovered(_logger, _options.Endpoint);
        _fails = !succeeded;
    }

    private OtlpExporterOptions Exporter(string path) => new()
    {
        Protocol = OtlpExportProtocol.HttpProtobuf,
        Endpoint = new Uri(_options.Endpoint, path),
        TimeoutMilliseconds = ExportTimeoutMs,
    };
}
