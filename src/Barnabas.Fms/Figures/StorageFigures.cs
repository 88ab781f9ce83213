using Barnabas.Fms.Machinery;

namespace Barnabas.Fms.Figures;

/// <summary>The same with storage: readings with their schema, which the JDBC sink writes to the database while the analyser reads them too.</summary>
internal static class StorageFigures
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(FmsWorld world, FiguresOptions options, FiguresReport report, CancellationToken stop)
    {
        await world.TellAsync("Pipeline with storage: the same, and sensor-data -> JDBC sink (upsert by device and time) -> database.");
        await using var plant = await Plant.StartAsync(world with { Output = TextWriter.Null }, new PlantOptions { Port = 0, ConnectPort = 0, SimulatorPort = 0, CollectsReadings = false }, stop);
        await using var generator = new LoadGenerator(plant.Servers, FmsTopics.SensorData, options.Devices, isStored: true, world.Environment);
        var begin = world.Time.GetTimestamp();
        await generator.SendAsync(options.StoredReadings, 0, stop);
        var stored = 0L;
        try
        {
            await Waiting.UntilAsync("all readings are stored", Patience, world.Time, async () => (stored = await plant.Store.CountAsync(stop)) >= options.StoredReadings, stop);
        }
        catch (FmsException)
        {
            // The report says how many are missing.
            report.NotStored = options.StoredReadings - stored;
        }

        var seconds = world.Time.GetElapsedTime(begin).TotalSeconds;
        report.Notes.Add($"With storage in {(plant.Store.IsPostgreSql ? "PostgreSQL" : "SQLite")} {stored:N0} of {options.StoredReadings:N0} readings were stored, {stored / seconds:N0} a second.");
    }
}
