using System.Buffers;
using System.Text.Json;
using Barnabas.Fms.Readings;
using Barnabas.Fms.Simulation;
using Barnabas.Testing;

namespace Barnabas.Fms.Tests;

public sealed class SimulatorTests
{
    private static readonly SimulatorOptions Options = new() { Interval = TimeSpan.FromMilliseconds(100), History = TimeSpan.FromMinutes(1) };

    private readonly ManualTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly FaultPlan _faults = new();

    [Fact]
    public void The_same_seed_makes_the_same_readings_and_another_does_not()
    {
        Assert.Equal(Values(new GeneratedReadings(7), 1, 1000), Values(new GeneratedReadings(7), 1, 1000));
        Assert.NotEqual(Values(new GeneratedReadings(7), 1, 1000), Values(new GeneratedReadings(8), 1, 1000));
        Assert.NotEqual(Values(new GeneratedReadings(7), 1, 1000), Values(new GeneratedReadings(7), 2, 1000));
    }

    [Fact]
    public void Made_up_readings_are_normal_mostly_and_critical_now_and_then()
    {
        var analyser = new Analysis.DeviceAnalyser(new Analysis.AnalysisOptions());
        var source = new GeneratedReadings(1);
        var (critical, failed) = (0, 0);
        for (var tick = 0; tick < 10_000; tick++)
        {
            var reading = new SensorReading { DeviceId = 1, Values = source.At(1, tick, out var isFail), IsFail = isFail };
            critical += analyser.Analyse(reading).IsCritical ? 1 : 0;
            failed += isFail ? 1 : 0;
        }

        Assert.InRange(critical, 200, 2_000);
        Assert.InRange(failed, 50, critical);
    }

    [Fact]
    public void Asking_for_what_came_after_a_time_gives_each_reading_once()
    {
        var fleet = Fleet();
        _time.Advance(TimeSpan.FromSeconds(10));
        var latest = Assert.Single(After(fleet, null));
        _time.Advance(TimeSpan.FromMilliseconds(350));
        var first = After(fleet, latest);
        Assert.Equal([latest + 100, latest + 200, latest + 300], first);
        Assert.Empty(After(fleet, first[^1]));
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([latest + 400], After(fleet, first[^1]));
    }

    [Fact]
    public void No_more_is_given_than_the_history_holds_and_an_answer_carries()
    {
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(601, After(Fleet(), 1).Count);
        var fleet = new DeviceFleet(Options with { History = TimeSpan.FromHours(1) }, new GeneratedReadings(1), _faults, _time);
        Assert.Equal(DeviceFleet.MostReadings, After(fleet, 1).Count);
    }

    [Fact]
    public void A_device_told_to_fail_does_so_from_then_until_it_is_mended_and_what_was_stays()
    {
        var fleet = Fleet();
        _time.Advance(TimeSpan.FromSeconds(10));
        var before = Assert.Single(After(fleet, null));
        _time.Advance(TimeSpan.FromMilliseconds(50));
        _faults.Fail(1, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal([1], _faults.Failing);
        _faults.Mend(null, _time.GetUtcNow());
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Empty(_faults.Failing);
        var said = Readings(fleet, before - 1).Select(reading => reading.GetProperty("isFail").GetBoolean());
        Assert.Equal([false, true, true, false, false], said);
    }

    [Fact]
    public void Files_are_replayed_in_the_order_of_their_rows_and_failures_are_those_of_their_windows()
    {
        var folder = Directory.CreateTempSubdirectory("barnabas-fms-").FullName;
        File.WriteAllText(Path.Combine(folder, "machine_temperature.csv"), "timestamp,value\n2013-12-02 21:15:00,70\n2013-12-02 21:20:00,95\n2013-12-02 21:25:00,80\n");
        File.WriteAllText(Path.Combine(folder, "ambient_temperature.csv"), "timestamp,value\n2013-07-04 00:00:00,20\n");
        File.WriteAllText(Path.Combine(folder, "failure_windows.json"), """{"machine_temperature_system_failure.csv":[["2013-12-02 21:16:00.000000","2013-12-02 21:21:00.000000"]]}""");
        var source = new ReplayedReadings(SensorFiles.Load(folder), deviceCount: 3, seed: 1);
        Assert.Equal([70, 95, 80, 70], Enumerable.Range(0, 4).Select(tick => source.At(1, tick, out _)[0]));
        Assert.Equal([false, true, false], Enumerable.Range(0, 3).Select(tick => source.At(1, tick, out var isFail) is var _ && isFail));
        Assert.Equal(95, source.At(2, 0, out _)[0]);
        File.WriteAllText(Path.Combine(folder, "ambient_temperature.csv"), "timestamp,value\nyesterday,20\n");
        Assert.Contains("line 2", Assert.Throws<InvalidDataException>(() => SensorFiles.Load(folder)).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private DeviceFleet Fleet() => new(Options, new GeneratedReadings(1), _faults, _time);

    private static double[] Values(GeneratedReadings source, int device, long tick)
    {
        var values = source.At(device, tick, out _);
        return [values[0], values[1], values[2], values[3], values[4], values[5]];
    }

    private static List<long> After(DeviceFleet fleet, long? after) =>
        [.. Readings(fleet, after).Select(reading => Times.TryParse(reading.GetProperty("time").GetString()!, out var ms) ? ms : throw new FormatException())];

    private static IEnumerable<JsonElement> Readings(DeviceFleet fleet, long? after)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            fleet.WriteAfter(writer, 1, after);
        return JsonDocument.Parse(output.WrittenMemory).RootElement.EnumerateArray();
    }
}
