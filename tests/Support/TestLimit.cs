using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Barnabas.Tests.Support.TestLimit]

namespace Barnabas.Tests.Support;

/// <summary>
/// Bounds every test of the assembly: one that runs too long is cancelled, by its context's token; one that does not
/// heed that ends the run with its name, since a run that hangs says nothing. So does a run that does not end after its last test.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan s_untilCancelled = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_untilEnded = TimeSpan.FromMinutes(5);
    private static readonly ConcurrentDictionary<string, CancellationTokenSource> s_running = new();
    private static readonly Timer s_idle = new(_ => EndIdleRun());
    private static string s_last = "";

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        s_last = test.TestDisplayName;
        s_idle.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var ended = new CancellationTokenSource();
        s_running[test.UniqueID] = ended;
        _ = WatchAsync(TestContext.Current, test.TestDisplayName, ended.Token);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (s_running.TryRemove(test.UniqueID, out var ended)) ended.Cancel();
        if (s_running.IsEmpty) s_idle.Change(s_untilEnded, Timeout.InfiniteTimeSpan);
    }

    // What a run shares, such as a real broker, is given up when all tests are through; that may hang too.
    private static void EndIdleRun()
    {
        if (!s_running.IsEmpty) return;
        Console.Out.WriteLine($"[HANG]: nothing runs since {s_last} ended {s_untilEnded} ago. What the tests share does not end.");
        Environment.Exit(3);
    }

    private static async Task WatchAsync(ITestContext context, string name, CancellationToken ended)
    {
        try
        {
            await Task.Delay(s_untilCancelled, ended);
            context.CancelCurrentTest();
            await Task.Delay(s_untilEnded - s_untilCancelled, ended);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await Console.Out.WriteLineAsync($"{name} [HANG]: has run for {s_untilEnded} and does not heed its cancellation.");
        Environment.Exit(3);
    }
}
