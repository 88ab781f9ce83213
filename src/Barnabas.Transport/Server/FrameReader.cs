using System.Buffers.Binary;

namespace Barnabas.Transport.Server;

/// <summary>
/// Cuts a stream into length-prefixed frames without parsing a byte twice and without a copy for frames that fit the receive buffer.
/// Memory follows what has arrived, not what a prefix promises: a frame's buffer grows fourfold as its bytes come, or at once to
/// the size of a frame that this connection has sent whole before.
/// One thread at a time: the read loop of its connection.
/// </summary>
internal sealed class FrameReader(ITransportConnection connection, int maxFrameBytes)
{
    private const int PrefixBytes = sizeof(int);
    private const int MinReceiveBytes = 4 * 1024;
    private const int MaxReceiveBytes = 64 * 1024;
    private const int MinGrowthBytes = 16 * 1024;
    private const int GrowthFactor = 4;

    private FrameBuffer? _buffer;
    private int _start;
    private int _end;
    private int _receiveBytes = MinReceiveBytes;
    private int _provenBytes;
    private bool _anyFrame;

    /// <summary>The longest frame accepted.</summary>
    public int MaxFrameBytes { get; set; } = maxFrameBytes;

    /// <summary>Whether part of a frame has arrived.</summary>
    public bool HasPartialFrame => _end > _start;

    /// <summary>Takes the next whole frame of what has been received.</summary>
    /// <exception cref="FrameException">The prefix is no length this listener accepts; the stream cannot be read on.</exception>
    public bool TryRead(out Frame frame)
    {
        frame = default;
        if (!TryReadLength(out var length) || _end - _start - PrefixBytes < length)
            return false;
        frame = new Frame(_buffer!, _start + PrefixBytes, length);
        _start += PrefixBytes + length;
        _provenBytes = Math.Max(_provenBytes, PrefixBytes + length);
        _anyFrame = true;
        return true;
    }

    /// <summary>Receives at least one byte more.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="TransportException">The connection is broken.</exception>
    public async ValueTask<bool> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_end == _start && _receiveBytes > MinReceiveBytes)
        {
            // A large buffer is not held while nothing comes.
            Release();
            await connection.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        }
        var room = MakeRoom();
        var received = await connection.ReceiveAsync(room, cancellationToken);
        _end += received;
        if (received == room.Length)
            _receiveBytes = Math.Min(MaxReceiveBytes, _receiveBytes * 2);
        else if (received < _receiveBytes / 4)
            _receiveBytes = Math.Max(MinReceiveBytes, _receiveBytes / 2);
        return received > 0;
    }

    /// <summary>Gives back what is buffered; frames handed out stay valid.</summary>
    public void Release()
    {
        _buffer?.Release();
        _buffer = null;
        _start = _end = 0;
    }

    private bool TryReadLength(out int length)
    {
        length = 0;
        if (_end - _start < PrefixBytes)
            return false;
        var unread = _buffer!.Span[_start.._end];
        length = BinaryPrimitives.ReadInt32BigEndian(unread);
        if (length < 0 || length > MaxFrameBytes)
            throw new FrameException(ForeignProtocol.Describe(unread, _anyFrame, MaxFrameBytes));
        return true;
    }

    private Memory<byte> MakeRoom()
    {
        var held = _end - _start;
        if (held == 0)
        {
            if (_buffer is not null && _buffer.IsExclusive && _buffer.Capacity >= _receiveBytes)
                _start = _end = 0;
            else
                Release();
            _buffer ??= new FrameBuffer(_receiveBytes);
        }
        else
        {
            var wanted = TryReadLength(out var length) ? (long)PrefixBytes + length : MinReceiveBytes;
            var fits = _buffer!.Capacity - _start >= wanted;
            var size = (int)Math.Min(wanted, Math.Max(Math.Max(MinGrowthBytes, _provenBytes), (long)held * GrowthFactor));
            if (!fits && (_start > 0 || (_end == _buffer.Capacity && !_buffer.TryGrow(size))))
                MoveTo(new FrameBuffer(size));
        }
        return _buffer.Memory[_end..];
    }

    private void MoveTo(FrameBuffer larger)
    {
        var held = _end - _start;
        _buffer!.Span[_start.._end].CopyTo(larger.Span);
        _buffer.Release();
        _buffer = larger;
        _start = 0;
        _end = held;
    }
}
