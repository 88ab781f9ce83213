namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>
/// Cuts a stream into lines without decoding them. A line ends with a line feed, a carriage return or both, as in Kafka's tool; the last
/// one may lack its end. Lines are good until the next <see cref="FillAsync"/>.
/// </summary>
internal sealed class LineSplitter(Stream input)
{
    private const int FirstBufferBytes = 64 * 1024;

    private byte[] _buffer = new byte[FirstBufferBytes];
    private int _start;
    private int _scanned;
    private int _end;
    private bool _afterReturn;
    private bool _isOver;

    /// <summary>Takes the next line out of what was read so far.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        if (_afterReturn && _start < _end)
        {
            _afterReturn = false;
            if (_buffer[_start] == '\n')
                _scanned = ++_start;
        }

        var at = _buffer.AsSpan(_scanned, _end - _scanned).IndexOfAny((byte)'\n', (byte)'\r');
        if (at >= 0)
        {
            var end = _scanned + at;
            line = _buffer.AsMemory(_start, end - _start);
            _afterReturn = _buffer[end] == '\r';
            _start = _scanned = end + 1;
            return true;
        }

        _scanned = _end;
        line = _buffer.AsMemory(_start, _end - _start);
        if (!_isOver || line.IsEmpty)
            return false;
        _start = _end;
        return true;
    }

    /// <summary>Reads on.</summary>
    /// <returns>False at the end of the stream, after which one line may be left to take.</returns>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isOver)
            return false;
        MakeRoom();
        var reading = input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        // A read of a terminal cannot be called back: give up waiting for it.
        var read = reading.IsCompleted ? await reading : await reading.AsTask().WaitAsync(cancellationToken);
        _end += read;
        _isOver = read == 0;
        return !_isOver;
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_scanned, _end, _start) = (_scanned - _start, _end - _start, 0);
        }

        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(_buffer.Length * 2L, Array.MaxLength));
    }
}
