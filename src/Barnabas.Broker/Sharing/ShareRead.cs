using Barnabas.Protocol.Buffers;
using Barnabas.Broker.Fetching;
using Barnabas.Storage;
using Barnabas.Storage.Indexes;

namespace Barnabas.Broker.Sharing;

/// <summary>
/// What a share fetch read of one partition. A log returns what lies together; a member that is to get a number of records
/// at once wants the little that lies in several places as one. Dispose it exactly once, when the bytes are sent.
/// </summary>
internal sealed class ShareRead : IDisposable
{
    /// <summary>How much is put together at most; more than that is enough at once.</summary>
    private const int MaxJoinedBytes = 1 << 20;

    private readonly FetchDataInfo? _data;
    private byte[]? _rented;

    private ShareRead(FetchDataInfo data)
    {
        _data = data;
        Records = data.Records;
        AbortedTransactions = data.AbortedTransactions;
    }

    private ShareRead(byte[] rented, int length, List<AbortedTransaction> aborted)
    {
        _rented = rented;
        Records = rented.AsMemory(0, length);
        AbortedTransactions = aborted;
    }

    /// <summary>Whole batches, the first of which holds the asked offset. Empty when there is nothing to read.</summary>
    public ReadOnlyMemory<byte> Records { get; }

    public IReadOnlyList<AbortedTransaction>? AbortedTransactions { get; }

    public static ShareRead Of(UnifiedLog log, long offset, int maxBytes, FetchIsolation isolation)
    {
        var first = log.Read(offset, maxBytes, isolation, minOneMessage: true);
        var limit = Math.Min(maxBytes, MaxJoinedBytes);
        return first.Records.Length == 0 || first.Records.Length >= limit || first.NextOffset >= FetchReader.ReadableEndOffset(log, isolation)
            ? new ShareRead(first)
            : Join(log, first, limit, isolation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _data?.Dispose();
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
            ByteArrayPool.Instance.Return(rented);
    }

    private static ShareRead Join(UnifiedLog log, FetchDataInfo first, int limit, FetchIsolation isolation)
    {
        var joined = ByteArrayPool.Instance.Rent(limit);
        var aborted = new List<AbortedTransaction>();
        var length = 0;
        try
        {
            for (var next = first; ;)
            {
                using (next)
                {
                    if (next.Records.Length == 0 || next.Records.Length > limit - length)
                        return new ShareRead(joined, length, aborted);
                    next.Records.CopyTo(joined.AsMemory(length));
                    length += next.Records.Length;
                    aborted.AddRange((next.AbortedTransactions ?? []).Except(aborted));
                }

                if (length == limit)
                    return new ShareRead(joined, length, aborted);
                next = log.Read(next.NextOffset, limit - length, isolation, minOneMessage: false);
            }
        }
        catch
        {
            ByteArrayPool.Instance.Return(joined);
            throw;
        }
    }
}
