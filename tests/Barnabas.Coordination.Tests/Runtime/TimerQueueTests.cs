using Barnabas.Coordination.Runtime;

namespace Barnabas.Coordination.Tests.Runtime;

public sealed class TimerQueueTests
{
    [Fact]
    public void Operations_run_once_at_their_last_deadline_whatever_was_scheduled_before()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var now = 0L;
            var queue = new TimerQueue(() => now);
            var expected = new Dictionary<string, long>();
            var due = new List<string>();
            for (var step = 0; step < 300; step++)
            {
                var key = $"{random.Next(8)}";
                switch (random.Next(4))
                {
                    case 0:
                        queue.Cancel(key);
                        expected.Remove(key);
                        break;
                    case 1:
                        now += random.Next(20);
                        due.Clear();
                        while (queue.TryTakeDue(now, out var operation))
                            operation();
                        Assert.Equal(expected.Where(timer => timer.Value <= now).Select(timer => timer.Key).Order(), due.Order());
                        foreach (var fired in due)
                            expected.Remove(fired);
                        break;
                    default:
                        var delay = random.Next(40);
                        queue.Schedule(key, delay, () =>
                        {
                            due.Add(key);
                            return CoordinatorResult.Empty;
                        });
                        expected[key] = now + delay;
                        break;
                }

                Assert.Equal(expected.Count, queue.Count);
                Assert.True(expected.Count == 0 || queue.NextWakeMs <= expected.Values.Min(), $"seed {seed} step {step}");
            }
        }
    }
}
