using System.Buffers.Binary;
using System.Collections.Concurrent;
using Barnabas.Transport.Server;

namespace Barnabas.Transport.Tests.Server;

/// <summary>Answers each frame with its own bytes. A frame that starts with 'w' waits until released; one that starts with 'n' has no answer; 'x' is not understood.</summary>
internal sealed class EchoHandler : IFrameHandler
{
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ConcurrentQueue<byte> Entered { get; } = new();

    public ConcurrentQueue<string> CloseReasons { get; } = new();

    public SemaphoreSlim ClosedSignal { get; } = new(0);

    public SemaphoreSlim EnteredSignal { get; } = new(0);

    /// <summary>Called first for each frame, on the thread that enters it.</summary>
    public Action<ServerConnection>? Entering { get; set; }

    public void Release() => _release.TrySetResult();

    public async ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame)
    {
        using (frame)
        {
            Entering?.Invoke(connection);
            var first = frame.Memory.Span[0];
            Entered.Enqueue(first);
            EnteredSignal.Release();
            if (first == (byte)'x')
                throw new FrameException("an x is not understood");
            if (first == (byte)'w')
                await _release.Task;
            return first == (byte)'n' ? null : new Echo(frame.Memory.ToArray());
        }
    }

    public void OnClosed(ServerConnection connection)
    {
        CloseReasons.Enqueue(connection.CloseReason!);
        ClosedSignal.Release();
    }

    private sealed class Echo(byte[] bytes) : IOutgoingFrame
    {
        private readonly byte[] _prefix = Prefix(bytes.Length);

        public long LengthInBytes => 4 + bytes.Length;

        public void AppendTo(List<ReadOnlyMemory<byte>> segments)
        {
            segments.Add(_prefix);
            segments.Add(bytes);
        }

        public void Dispose()
        {
        }

        private static byte[] Prefix(int length)
        {
            var prefix = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(prefix, length);
            return prefix;
        }
    }
}
