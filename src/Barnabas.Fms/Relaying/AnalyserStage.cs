using System.Buffers;
using System.Text.Json;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Readings;
using Barnabas.Protocol.Records;

namespace Barnabas.Fms.Relaying;

/// <summary>Readings in, what the analyser says of each out.</summary>
internal sealed class AnalyserStage(AnalysisOptions options) : IRecordStage
{
    // Enough for the windows of the devices that usually share a partition.
    private const int DevicesToWarmUp = 100;

    private static readonly JsonWriterOptions Json = new() { SkipValidation = true };

    private readonly Dictionary<int, DeviceAnalyser> _partitions = [];
    private Utf8JsonWriter? _writer;

    /// <summary>How many records were no readings and had no answer.</summary>
    public long Unreadable { get; private set; }

    /// <summary>How many were judged CRITICAL.</summary>
    public long Critical { get; private set; }

    public int WarmUpRecords => options.WindowReadings * DevicesToWarmUp;

    public void Forget(int partition) => _partitions.Remove(partition);

    public bool Process(int partition, in RecordView record, IBufferWriter<byte>? output)
    {
        if (!ReadingParser.TryParse(record.ValueBytes.Span, record.KeyBytes.Span, out var reading))
        {
            if (output is not null)
                Unreadable++;
            return false;
        }

        if (!_partitions.TryGetValue(partition, out var analyser))
            _partitions[partition] = analyser = new DeviceAnalyser(options);
        var analysis = analyser.Analyse(reading);
        if (output is null)
            return false;
        if (analysis.IsCritical)
            Critical++;
        if (_writer is null)
            _writer = new Utf8JsonWriter(output, Json);
        else
            _writer.Reset(output);
        AlertWriter.Write(_writer, analyser, reading, analysis, partition, record.Offset);
        _writer.Flush();
        return true;
    }
}
