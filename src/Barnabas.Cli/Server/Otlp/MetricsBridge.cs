using System.Diagnostics.Metrics;
using Barnabas.Broker.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Barnabas.Cli.Server.Otlp;

/// <summary>Hands a node's metrics to OpenTelemetry: an instrument a name, under the names of <c>/metrics</c>. Used by one thread at a time.</summary>
internal sealed class MetricsBridge : IDisposable
{
    private const string MeterName = "Barnabas";
    private const int MaxNames = 1_000;
    private const int LeastSeries = 200;
    private const int ExportTimeoutMs = 10_000;

    private readonly Func<IReadOnlyList<MetricSample>> _read;
    private readonly Meter _meter = new(MeterName);
    private readonly BaseExportingMetricReader _reader;
    private readonly MeterProvider _provider;
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private ILookup<string, MetricSample> _samples = Array.Empty<MetricSample>().ToLookup(sample => sample.Name);

    public MetricsBridge(Func<IReadOnlyList<MetricSample>> read, OtlpMetricExporter exporter, ResourceBuilder resource)
    {
        _read = read;
        _reader = new BaseExportingMetricReader(exporter);
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(MeterName).SetResourceBuilder(resource).SetMaxMetricStreams(MaxNames)
            .AddView(Limit).AddReader(_reader).Build();
    }

    /// <summary>Reads the metrics and sends them.</summary>
    /// <returns>False where the collector did not take them.</returns>
    public bool Export()
    {
        _samples = _read().ToLookup(sample => sample.Name, StringComparer.Ordinal);
        foreach (var family in _samples)
        {
            if (_known.Count < MaxNames && _known.Add(family.Key))
                Add(family.Key, family.First());
        }
        return _reader.Collect(ExportTimeoutMs);
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    private void Add(string name, in MetricSample sample)
    {
        if (sample.Kind == MetricKind.Counter)
            _meter.CreateObservableCounter(name, () => Measurements(name), unit: null, sample.Help);
        else
            _meter.CreateObservableGauge(name, () => Measurements(name), unit: null, sample.Help);
    }

    private IEnumerable<Measurement<double>> Measurements(string name) =>
        _samples[name].Select(sample => new Measurement<double>(sample.Value, sample.Labels.Select(label => KeyValuePair.Create(label.Name, (object?)label.Value))));

    // Room is made for as many series at once: as many as there are now, and as many again for topics that come.
    private MetricStreamConfiguration Limit(Instrument instrument) => new() { CardinalityLimit = Math.Max(LeastSeries, 2 * _samples[instrument.Name].Count()) };
}
