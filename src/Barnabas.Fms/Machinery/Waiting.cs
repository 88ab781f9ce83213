namespace Barnabas.Fms.Machinery;

/// <summary>Waits for conditions of other processes, which tell nobody when they change.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again and again until it is so.</summary>
    /// <exception cref="FmsException">It is not so in time.</exception>
    public static async Task UntilAsync(string what, TimeSpan patience, TimeProvider time, Func<Task<bool>> condition, CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        while (!await condition())
        {
            if (time.GetElapsedTime(begin) > patience)
                throw new FmsException($"{what}: not within {patience.TotalSeconds:0} s");
            await Task.Delay(Pause, time, stop);
        }
    }
}
