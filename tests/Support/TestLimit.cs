using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

[assembly: Barnabas.Tests.Support.TestLimit]

namespace Barnabas.Tests.Support;

/// <summary>
/// Bounds every test of the assembly: one that runs too long is cancelled, by its context's token; one that does not
/// heed that ends the run with its name, since a run that hangs says nothing.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class TestLimitAttribute : BeforeAfterTestAttribute
{
    private static readonly TimeSpan s_untilCancelled = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan s_untilEnded = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new();

    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var ended = new CancellationTokenSource();
        _running[test.UniqueID] = ended;
        _ = WatchAsync(TestContext.Current, test.TestDisplayName, ended.Token);
    }

    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_running.TryRemove(test.UniqueID, out var ended)) ended.Cancel();
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
