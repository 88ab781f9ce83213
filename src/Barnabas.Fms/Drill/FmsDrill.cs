using System.Data.Common;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Drill;

/// <summary>
/// The failure drill: the API goes down, the broker and its Connect worker are killed, the database crashes; each time the
/// pipeline has to catch up by itself. In the end every reading is counted at every stage.
/// </summary>
public static class FmsDrill
{
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(2);

    /// <summary>Runs it.</summary>
    /// <returns>Whether nothing was lost.</returns>
    /// <exception cref="FmsException">A part does not start, or the pipeline does not catch up.</exception>
    public static async Task<bool> RunAsync(FmsWorld world, DrillOptions options, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentNullException.ThrowIfNull(options);
        await using var plant = await Plant.StartAsync(world, options.Plant, stop);
        var drill = new Run(world, options, plant);
        await drill.AwaitCaughtUpAsync("the pipeline runs", stop);
        await Task.Delay(Calm, world.Time, stop);
        await drill.OutageAsync("API down", () => drill.SetApiDown(true), () => drill.SetApiDown(false), stop);
        await drill.OutageAsync("broker and Connect worker killed (kill -9)", plant.Node.KillAsync, () => plant.Node.StartAsync(stop), stop);
        if (plant.PostgreSql is { } database)
            await drill.OutageAsync("database crashed", () => database.CrashAsync(stop), () => database.StartAgainAsync(stop), stop);
        else
            await world.TellAsync("database: SQLite has no server that could be down; with PostgreSQL installed that is drilled too");
        return await drill.CountAsync(stop);
    }

    private sealed class Run(FmsWorld world, DrillOptions options, Plant plant)
    {
        public Task SetApiDown(bool isDown)
        {
            plant.Simulator.Faults.IsDown = isDown;
            return Task.CompletedTask;
        }

        public async Task OutageAsync(string what, Func<Task> begin, Func<Task> end, CancellationToken stop)
        {
            await world.TellAsync($"{what} for {options.Outage.TotalSeconds:0.#} s ...");
            await begin();
            await Task.Delay(options.Outage, world.Time, stop);
            await end();
            var back = world.Time.GetTimestamp();
            await AwaitCaughtUpAsync($"after \"{what}\" the pipeline caught up", stop);
            await world.TellAsync($"... caught up by itself {world.Time.GetElapsedTime(back).TotalSeconds:0.0} s after it was back");
            await Task.Delay(Calm, world.Time, stop);
        }

        /// <summary>Waits until what the devices say now is stored, and has been judged.</summary>
        public async Task AwaitCaughtUpAsync(string what, CancellationToken stop)
        {
            var now = NowMs();
            await Waiting.UntilAsync(what, options.CatchUp, world.Time, async () => await IsStoredAsync(now, stop) && plant.Analyser.Written >= plant.Analyser.Read && plant.Analyser.Read > 0, stop);
        }

        public async Task<bool> CountAsync(CancellationToken stop)
        {
            var intervalMs = (long)options.Plant.Simulator.Interval.TotalMilliseconds;
            var until = NowMs() / intervalMs * intervalMs;
            await AwaitCaughtUpAsync("the last readings are stored", stop);
            DeliveryCount alerts = new(intervalMs, until), data = new(intervalMs, until), store = new(intervalMs, until);
            await TopicTimes.ReadAsync(plant.Servers, FmsTopics.SensorData, isAlerts: false, data.Add, world.Environment, stop);
            await Waiting.UntilAsync("each reading has its alert", options.CatchUp, world.Time, async () =>
            {
                alerts = new DeliveryCount(intervalMs, until);
                await TopicTimes.ReadAsync(plant.Servers, FmsTopics.SensorAlerts, isAlerts: true, alerts.Add, world.Environment, stop);
                return alerts.Once >= data.Once;
            }, stop);
            foreach (var (device, time) in await plant.Store.TimesAsync(stop))
                if (Times.TryParse(time, out var ms))
                    store.Add(device, ms);
            return await ReportAsync([("sensor-data", data), ("sensor-alerts", alerts), (plant.Store.IsPostgreSql ? "PostgreSQL" : "SQLite", store)]);
        }

        private async Task<bool> ReportAsync(IReadOnlyList<(string Name, DeliveryCount Count)> stages)
        {
            var devices = Enumerable.Range(1, options.Plant.Simulator.DeviceCount).ToList();
            var lost = 0L;
            await world.TellAsync($"\n{"stage",-16}{"readings",10}{"came again",12}{"lost",8}");
            foreach (var (name, count) in stages)
            {
                var missing = devices.Sum(device => count.Missing(device, plant.CollectsFromMs).Count);
                lost += missing;
                await world.TellAsync($"{name,-16}{count.Once,10:N0}{count.Again,12:N0}{missing,8:N0}");
            }

            await world.TellAsync(lost == 0 ? "Nothing was lost." : $"{lost:N0} readings were LOST.");
            return lost == 0;
        }

        private long NowMs() => world.Time.GetUtcNow().ToUnixTimeMilliseconds();

        private async Task<bool> IsStoredAsync(long sinceMs, CancellationToken stop)
        {
            try
            {
                var latest = await plant.Store.LatestAsync(stop);
                return latest.Count == options.Plant.Simulator.DeviceCount && latest.All(time => Times.TryParse(time, out var ms) && ms >= sinceMs);
            }
            catch (DbException)
            {
                // It is not back yet.
                return false;
            }
        }
    }
}
