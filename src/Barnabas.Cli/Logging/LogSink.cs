using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace Barnabas.Cli.Logging;

/// <summary>
/// Writes lines of the log to the standard output and to a file, on a task of its own so that no one waits for the disk. The file begins
/// anew each hour, the one before keeps the hour in its name, as Kafka's does. Where the disk falls behind, lines are left out and counted.
/// </summary>
internal sealed class LogSink : IAsyncDisposable
{
    private const int MaxQueuedLines = 16 * 1024;

    private readonly Channel<string> _lines = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxQueuedLines) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly Stream? _console;
    private readonly string? _path;
    private readonly TimeProvider _time;
    private readonly Task _writer;
    private FileStream? _file;
    private string _hour = "";
    private long _dropped;

    public LogSink(Stream? console, string? path, TimeProvider time)
    {
        _console = console;
        _path = path;
        _time = time;
        if (path is not null)
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _writer = Task.Run(WriteAsync);
    }

    public void Write(string line)
    {
        if (!_lines.Writer.TryWrite(line))
            Interlocked.Increment(ref _dropped);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
        _file?.Dispose();
    }

    private async Task WriteAsync()
    {
        var batch = new StringBuilder();
        while (await _lines.Reader.WaitToReadAsync())
        {
            while (batch.Length < 64 * 1024 && _lines.Reader.TryRead(out var line))
                batch.Append(line).Append('\n');
            if (Interlocked.Exchange(ref _dropped, 0) is var dropped and > 0)
                batch.Append(CultureInfo.InvariantCulture, $"({dropped} lines were left out: the log could not be written fast enough)\n");
            var bytes = Encoding.UTF8.GetBytes(batch.ToString());
            batch.Clear();
            WriteToConsole(bytes);
            WriteToFile(bytes);
        }
    }

    private void WriteToConsole(byte[] bytes)
    {
        try
        {
            _console?.Write(bytes);
            _console?.Flush();
        }
        catch (IOException)
        {
            // Whoever read the output has gone; the file remains.
        }
    }

    private void WriteToFile(byte[] bytes)
    {
        if (_path is null)
            return;
        try
        {
            var hour = _time.GetLocalNow().ToString("yyyy-MM-dd-HH", CultureInfo.InvariantCulture);
            if (_file is null || hour != _hour)
                Roll(hour);
            _file!.Write(bytes);
            _file.Flush();
        }
        catch (IOException)
        {
            // A full disk must not stop the node: the file is tried again with the next lines.
            _file?.Dispose();
            _file = null;
        }
    }

    private void Roll(string hour)
    {
        _file?.Dispose();
        if (File.Exists(_path))
        {
            var written = _hour.Length > 0 ? _hour : new DateTimeOffset(File.GetLastWriteTimeUtc(_path!)).ToLocalTime().ToString("yyyy-MM-dd-HH", CultureInfo.InvariantCulture);
            if (written != hour)
                File.Move(_path!, $"{_path}.{written}", overwrite: true);
        }

        _file = new FileStream(_path!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        _hour = hour;
    }
}
