using Barnabas.Protocol.Messages;
using Barnabas.Transport.Requests;

namespace Barnabas.Client.Consumer.Fetching;

/// <summary>A fetch response's memory, which goes back to the pool when its last partition is done.</summary>
internal sealed class SharedFrame(PooledResponse<FetchResponse> response)
{
    private int _holders = 1;

    public FetchResponse Response => response.Response;

    public void Hold() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0) response.Dispose();
    }
}
