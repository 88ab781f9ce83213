using System.Data.Common;
using Barnabas.Fms.Machinery;
using Barnabas.Fms.Storing;
using Barnabas.Fms.Watching;

namespace Barnabas.Fms.Demo;

/// <summary>The demo: the whole pipeline, shown live until it is stopped, and in the end what is stored.</summary>
public static class FmsDemo
{
    private static readonly TimeSpan StorePatience = TimeSpan.FromSeconds(10);

    /// <summary>Runs it.</summary>
    /// <param name="world">What it takes from the program.</param>
    /// <param name="options">What it is made of.</param>
    /// <param name="duration">How long it runs once all parts do; infinite until it is stopped.</param>
    /// <param name="stop">Stops it.</param>
    /// <exception cref="FmsException">A part does not start.</exception>
    public static async Task RunAsync(FmsWorld world, PlantOptions options, TimeSpan duration, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(world);
        await using var plant = await Plant.StartAsync(world, options, stop);
        await world.TellAsync("Ctrl+C stops all of it.\n");
        var watch = new AlertWatch(plant.Servers, FmsTopics.SensorAlerts, fromBeginning: true, world.Environment, world.Output, world.IsTerminal);
        using (var end = new CancellationTokenSource(duration, world.Time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, stop))
            await watch.RunAsync(either.Token);
        await ShowStoredAsync(world, plant, watch.Readings);
        await world.TellAsync($"{FmsTopics.CriticalAlerts} got {plant.Filter.Written:N0} of {plant.Filter.Read:N0} alerts.");
    }

    private static async Task ShowStoredAsync(FmsWorld world, Plant plant, long readings)
    {
        using var limit = new CancellationTokenSource(StorePatience, world.Time);
        try
        {
            await Waiting.UntilAsync("all readings are stored", StorePatience, world.Time, async () => await plant.Store.CountAsync(limit.Token) >= readings, limit.Token);
            await world.TellAsync($"\nStored, by {string.Join(' ', SensorStore.Query.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))}:\n{await plant.Store.ShowAsync(limit.Token)}");
        }
        catch (Exception error) when (error is DbException or FmsException or OperationCanceledException)
        {
            await world.TellAsync($"\nThe database could not be asked, or lacks readings: {error.Message}");
        }
    }
}
