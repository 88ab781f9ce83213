using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;

namespace Barnabas.Transport.Sockets;

/// <summary>A reusable gathered send of one socket (writev). One send at a time; owned by its connection.</summary>
internal sealed class GatheredSender(Socket socket) : SocketAsyncEventArgs(true), IValueTaskSource
{
    // The kernel takes at most 1024 segments (IOV_MAX) and a list costs per entry, so small neighbours travel in rounds.
    private const int MaxSegmentsPerSend = 512;

    private readonly List<ArraySegment<byte>> _segments = [];
    private ManualResetValueTaskSourceCore<bool> _source;

    public async ValueTask SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> gathered)
    {
        for (var start = 0; start < gathered.Count; start += MaxSegmentsPerSend)
        {
            var end = Math.Min(gathered.Count, start + MaxSegmentsPerSend);
            for (var i = start; i < end; i++)
            {
                var memory = gathered[i];
                if (memory.Length == 0)
                    continue;
                _segments.Add(MemoryMarshal.TryGetArray(memory, out var segment) ? segment : new ArraySegment<byte>(memory.ToArray()));
            }
            if (_segments.Count == 0)
                continue;
            try
            {
                await SendSegmentsAsync();
            }
            finally
            {
                _segments.Clear();
            }
        }
    }

    private ValueTask SendSegmentsAsync()
    {
        _source.Reset();
        BufferList = _segments;
        if (socket.SendAsync(this))
            return new ValueTask(this, _source.Version);
        return SocketError == SocketError.Success ? ValueTask.CompletedTask : ValueTask.FromException(new SocketException((int)SocketError));
    }

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (SocketError == SocketError.Success)
            _source.SetResult(true);
        else
            _source.SetException(new SocketException((int)SocketError));
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
