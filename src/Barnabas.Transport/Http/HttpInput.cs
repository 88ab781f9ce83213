using System.Text;
using Barnabas.Protocol.Buffers;

namespace Barnabas.Transport.Http;

/// <summary>What a connection receives, by lines and by bytes. Holds no buffer while it waits for a request. Owned by the connection's loop.</summary>
internal sealed class HttpInput(ITransportConnection connection, int lineBytes) : IDisposable
{
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Waits for the first byte of a request.</summary>
    /// <returns>False where the peer has sent its last.</returns>
    public async ValueTask<bool> AwaitAsync(CancellationToken cancellationToken)
    {
        if (_start < _end) return true;
        Dispose();
        await connection.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        return await FillAsync(cancellationToken);
    }

    /// <summary>Reads to the next end of a line, which is left out.</summary>
    /// <param name="tooLong">The status where it is longer than a line may be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="HttpException">The line is too long, or ends with a line feed alone (400).</exception>
    /// <exception cref="TransportException">The peer has gone.</exception>
    public async ValueTask<string> ReadLineAsync(int tooLong, CancellationToken cancellationToken)
    {
        for (var looked = 0; ;)
        {
            var at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                at += looked;
                if (at == 0 || _buffer[_start + at - 1] != '\r') throw new HttpException(400, "A line does not end with CR LF.");
                var line = Encoding.Latin1.GetString(_buffer, _start, at - 1);
                _start += at + 1;
                return line;
            }

            looked = _end - _start;
            if (looked >= lineBytes) throw new HttpException(tooLong, $"A line is longer than {lineBytes} bytes.");
            if (!await FillAsync(cancellationToken)) throw new TransportException("The peer has closed the connection within a request");
        }
    }

    /// <summary>Reads some bytes: what is there, or what comes next.</summary>
    /// <exception cref="TransportException">The peer has gone.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        if (_start == _end && !await FillAsync(cancellationToken)) throw new TransportException("The peer has closed the connection within a request");
        var length = Math.Min(into.Length, _end - _start);
        _buffer.AsMemory(_start, length).CopyTo(into);
        _start += length;
        return length;
    }

    /// <summary>Reads and drops all that comes, until the peer closes.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        do _start = _end;
        while (await FillAsync(cancellationToken));
    }

    /// <summary>Gives the buffer back, with what is in it.</summary>
    public void Dispose()
    {
        if (_buffer.Length > 0) ByteArrayPool.Instance.Return(_buffer);
        _buffer = [];
        (_start, _end) = (0, 0);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length == 0) _buffer = ByteArrayPool.Instance.Rent(lineBytes);
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var length = await connection.ReceiveAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += length;
        return length > 0;
    }
}
