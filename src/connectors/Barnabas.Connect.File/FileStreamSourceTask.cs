using System.Text;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.File;

/// <summary>Reads whole lines; the rest of one waits for its end. The offset is the byte after a line.</summary>
public sealed class FileStreamSourceTask : SourceTask
{
    private const int MaxLineBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private readonly LineSplitter _lines = new(MaxLineBytes);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private TimeProvider _time = TimeProvider.System;
    private string? _file;
    private string _topic = "";
    private int _batch;
    private long _position;
    private Stream? _stream;

    /// <inheritdoc/>
    public override async Task StartAsync(SourceTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var values = FileStreamSourceConnector.Definition.Parse(configs);
        _time = context.Time;
        _file = values.FindString(FileStreamSourceConnector.FileKey);
        _topic = values.GetString(FileStreamSourceConnector.TopicKey);
        _batch = values.GetInt(FileStreamSourceConnector.BatchKey);
        if (_file is null)
        {
            _stream = Console.OpenStandardInput();
            return;
        }

        var offset = (await context.Offsets.ReadAsync([Partition()], cancellationToken))[0];
        _position = offset?.GetValueOrDefault(FileStreamSourceConnector.PositionField) as long? ?? 0;
    }

    /// <inheritdoc/>
    public override async ValueTask<IReadOnlyList<SourceRecord>> PollAsync(CancellationToken cancellationToken)
    {
        if (_stream is null && !TryOpen())
        {
            await Task.Delay(Wait, _time, cancellationToken);
            return [];
        }

        var records = new List<SourceRecord>();
        while (records.Count < _batch)
        {
            if (_lines.TryTake(out var line, out var bytes))
            {
                _position += bytes;
                records.Add(Record(line));
                continue;
            }

            if (records.Count > 0 && _file is null) break;
            var read = await _stream!.ReadAsync(_buffer, cancellationToken);
            if (read == 0) break;
            _lines.Add(_buffer.AsSpan(0, read));
        }

        if (records.Count == 0) await Task.Delay(Wait, _time, cancellationToken);
        return records;
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_stream is not null && _file is not null) await _stream.DisposeAsync();
    }

    private bool TryOpen()
    {
        try
        {
            var stream = new FileStream(_file!, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = _position;
            _stream = stream;
            return true;
        }
        catch (FileNotFoundException)
        {
            // It may appear later.
            return false;
        }
    }

    private SourceRecord Record(ReadOnlyMemory<byte> line) => new()
    {
        Topic = _topic,
        ValueSchema = Schema.String,
        Value = Encoding.UTF8.GetString(line.Span),
        Timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds(),
        SourcePartition = _file is null ? null : Partition(),
        SourceOffset = _file is null ? null : new Dictionary<string, object?> { [FileStreamSourceConnector.PositionField] = _position },
    };

    private Dictionary<string, object?> Partition() => new() { [FileStreamSourceConnector.FilenameField] = _file };
}
