using System.Buffers;
using System.Text;
using System.Text.Json;
using Barnabas.Fms.Analysis;
using Barnabas.Fms.Readings;
using FsCheck;
using FsCheck.Fluent;

namespace Barnabas.Fms.Tests;

public sealed class DeviceAnalyserTests
{
    [Theory]
    [InlineData(90, 1500, false, false)]
    [InlineData(90.01, 1500, false, true)]
    [InlineData(90, 1500.01, false, true)]
    [InlineData(10, 10, true, true)]
    public void A_device_is_critical_above_a_threshold_or_when_it_has_failed(double sensor, double motor, bool isFail, bool expected) =>
        Assert.Equal(expected, new DeviceAnalyser(new AnalysisOptions()).Analyse(Reading(1, sensor, motor, isFail)).IsCritical);

    [Fact]
    public void Each_number_has_the_threshold_of_its_kind()
    {
        var analyser = new DeviceAnalyser(new AnalysisOptions { SensorThreshold = 50, MotorThreshold = 100 });
        Assert.Equal(0b000111, analyser.Analyse(Reading(1, 51, 100, false)).Exceeded);
        Assert.Equal(0b111000, analyser.Analyse(Reading(1, 50, 101, false)).Exceeded);
    }

    [Fact]
    public void An_average_covers_the_last_readings_of_its_own_device_only()
    {
        var analyser = new DeviceAnalyser(new AnalysisOptions { WindowReadings = 3 });
        foreach (var value in (double[])[1, 2, 3])
            analyser.Analyse(Reading(1, value, 0, false));
        Assert.Equal(100, analyser.Analyse(Reading(2, 100, 0, false)).Averages[0]);
        Assert.Equal(4, analyser.Analyse(Reading(1, 7, 0, false)).Averages[0]);
    }

    [Fact]
    public void A_missing_number_changes_no_average_and_raises_no_alert()
    {
        var analyser = new DeviceAnalyser(new AnalysisOptions());
        analyser.Analyse(Reading(1, 10, 10, false));
        var analysis = analyser.Analyse(new SensorReading { DeviceId = 1, Values = Measures.Missing() });
        Assert.Equal((10.0, false), (analysis.Averages[0], analysis.IsCritical));
    }

    [Fact]
    public void An_average_is_the_mean_of_its_window_for_any_values() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), Gen.Choose(1, 20).ToArbitrary(), (values, window) =>
        {
            var average = new MovingAverage(window);
            for (var at = 0; at < values.Length; at++)
                Assert.Equal(values[Math.Max(0, at + 1 - window)..(at + 1)].Average(value => value / 8.0), average.Add(values[at] / 8.0), 1e-6);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Devices_beyond_the_limit_do_not_make_it_hold_more()
    {
        var analyser = new DeviceAnalyser(new AnalysisOptions { WindowReadings = 1 });
        for (var device = 0; device < DeviceAnalyser.MostDevices + 10; device++)
            analyser.Analyse(Reading(device, 1, 1, false));
        Assert.InRange(analyser.DeviceCount, 1, DeviceAnalyser.MostDevices);
    }

    [Fact]
    public void What_is_found_is_written_as_JSON_and_read_again()
    {
        var analyser = new DeviceAnalyser(new AnalysisOptions());
        var reading = Reading(4, 95.5, 20, false);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
            AlertWriter.Write(writer, analyser, reading, analyser.Analyse(reading), partition: 1, offset: 42);
        Assert.Equal(
            """{"deviceId":4,"status":"CRITICAL","source":{"partition":1,"offset":42},"time":"2026-05-04T03:02:01.000Z","isFail":false,"alerts":[{"name":"sensor1","value":95.50,"threshold":90.00},{"name":"sensor2","value":95.50,"threshold":90.00},{"name":"sensor3","value":95.50,"threshold":90.00}],"averages":{"sensor1":95.50,"sensor2":95.50,"sensor3":95.50,"motor1":20.00,"motor2":20.00,"motor3":20.00}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.True(AlertParser.TryParse(output.WrittenSpan, onlySource: false, out var alert));
        Assert.Equal((4, true, 1, 42L, 95.5), (alert.DeviceId, alert.IsCritical, alert.SourcePartition, alert.SourceOffset, alert.Averages[2]));
        Assert.Equal("\"2026-05-04T03:02:01.000Z\"", Encoding.UTF8.GetString(output.WrittenSpan[alert.Time]));
    }

    private static SensorReading Reading(int device, double sensor, double motor, bool isFail)
    {
        var values = default(Measures);
        for (var at = 0; at < Measures.Count; at++)
            values[at] = at < Measures.SensorCount ? sensor : motor;
        return new SensorReading { DeviceId = device, Values = values, IsFail = isFail, TimeJson = "\"2026-05-04T03:02:01.000Z\""u8 };
    }
}
