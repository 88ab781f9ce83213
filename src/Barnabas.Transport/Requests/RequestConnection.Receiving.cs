using System.Buffers;
using Barnabas.Protocol.Buffers;
using System.Buffers.Binary;
using Barnabas.Protocol;

namespace Barnabas.Transport.Requests;

// The read side: one loop, which reads small frames out of a fixed buffer and large ones straight into their own array.
public sealed partial class RequestConnection
{
    private const int ReceiveBufferBytes = 16 * 1024;
    private const int PrefixBytes = 2 * sizeof(int);

    // Never faults: an error ends the connection, which tells every waiter.
    private async Task ReadLoopAsync()
    {
        var buffer = new byte[ReceiveBufferBytes];
        var start = 0;
        var end = 0;
        PendingRequest? current = null;
        try
        {
            while (true)
            {
                while (end - start < PrefixBytes)
                {
                    if (start > 0)
                    {
                        buffer.AsSpan(start, end - start).CopyTo(buffer);
                        (start, end) = (0, end - start);
                    }

                    var received = await _connection.ReceiveAsync(buffer.AsMemory(end), _stopping.Token);
                    if (received == 0)
                    {
                        Close("the peer closed the connection");
                        return;
                    }

                    end += received;
                }

                var length = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start));
                var correlationId = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + sizeof(int)));
                var pending = Match(length, correlationId);
                if (pending is null) return;
                current = pending;
                start += sizeof(int);

                var frame = pending.WantsPooledFrame ? ByteArrayPool.Instance.Rent(length) : GC.AllocateUninitializedArray<byte>(length);
                var filled = Math.Min(length, end - start);
                buffer.AsSpan(start, filled).CopyTo(frame);
                start += filled;
                while (filled < length)
                {
                    var received = await _connection.ReceiveAsync(frame.AsMemory(filled, length - filled), _stopping.Token);
                    if (received == 0)
                    {
                        Close($"the peer closed the connection after {filled} of {length} bytes of a response");
                        return;
                    }

                    filled += received;
                }

                Volatile.Write(ref _lastUsedTimestamp, _time.GetTimestamp());
                Complete(pending, frame, length);
                current = null;
            }
        }
        catch (Exception error)
        {
            Close($"receiving failed ({error.Message})", error);
        }
        finally
        {
            // Taken out of the queue, so that Close did not see it.
            if (current is not null) current.Fail(Disconnected(current.Api));
        }
    }

    private PendingRequest? Match(int length, int correlationId)
    {
        if (length < sizeof(int) || length > _options.MaxResponseBytes)
        {
            Close($"a response claims a size of {length} bytes, allowed are {_options.MaxResponseBytes}");
            return null;
        }

        string problem;
        lock (_gate)
        {
            if (_inFlight.TryPeek(out var pending) && pending.CorrelationId == correlationId) return _inFlight.Dequeue();
            problem = pending is null
                ? $"a response with correlation id {correlationId} came without a request"
                : $"a response with correlation id {correlationId} came where {pending.CorrelationId} was due";
        }

        Close(problem);
        return null;
    }

    private void Complete(PendingRequest pending, byte[] frame, int length)
    {
        try
        {
            pending.Complete(frame, length);
        }
        catch (Exception error)
        {
            pending.Fail(new KafkaException(ErrorCode.UnknownServerError, $"{pending.Api.Name} response of {_peer} cannot be read: {error.Message}", error));
            throw;
        }
    }
}
