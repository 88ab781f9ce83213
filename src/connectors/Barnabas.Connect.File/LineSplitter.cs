using Barnabas.Connect.Errors;

namespace Barnabas.Connect.File;

/// <summary>Splits bytes into lines that end with \n, \r or \r\n.</summary>
internal sealed class LineSplitter(int maxLineBytes)
{
    private byte[] _bytes = new byte[8192];
    private int _begin;
    private int _end;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_begin > 0)
        {
            _bytes.AsSpan(_begin, _end - _begin).CopyTo(_bytes);
            _end -= _begin;
            _begin = 0;
        }

        if (_end + bytes.Length > maxLineBytes) throw new ConnectException($"A line is longer than {maxLineBytes} bytes.");
        if (_bytes.Length < _end + bytes.Length) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>The next whole line without its end, and how many bytes it took with it. The memory is good until the next call of <see cref="Add"/>.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line, out int bytes)
    {
        line = default;
        bytes = 0;
        var held = _bytes.AsSpan(_begin, _end - _begin);
        var at = held.IndexOfAny((byte)'\n', (byte)'\r');
        // A \r at the very end may be the first half of \r\n.
        if (at < 0 || (held[at] == '\r' && at == held.Length - 1)) return false;
        bytes = at + (held[at] == '\r' && held[at + 1] == '\n' ? 2 : 1);
        line = _bytes.AsMemory(_begin, at);
        _begin += bytes;
        return true;
    }
}
