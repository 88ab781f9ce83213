using System.Globalization;
using System.Text.RegularExpressions;

namespace Barnabas.Interop.Tests;

/// <summary>The factory-monitoring pipeline as its users run it: the demo, the failure drill and the figures, with real processes and PostgreSQL.</summary>
public sealed partial class FmsTests
{
    private static readonly string Barnabas = Path.Combine(Distribution.Barnabas.Home, "bin", "barnabas");

    [Fact]
    public async Task The_demo_collects_judges_filters_stores_and_shows_what_devices_say()
    {
        AssertPostgreSql();
        using var demo = new PrintingProcess(Barnabas, "demo", "fms", "--port", "0", "--connect-port", "0", "--simulator-port", "0", "--interval-ms", "200", "--collect-interval-ms", "200", "--for", "8");
        await demo.WaitForAsync(line => line.StartsWith("storage    PostgreSQL", StringComparison.Ordinal));
        await demo.WaitForAsync(line => line.StartsWith("simulator  ", StringComparison.Ordinal));
        var url = Url().Match(demo.Lines[^1]).Value;
        await demo.WaitForAsync(line => Row(line, device: 4));
        using (var http = new HttpClient())
        {
            Assert.Contains("\"deviceId\":4,\"sensor1\":", await http.GetStringAsync(url + "/4/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
            (await http.PutAsync(url + "/faults/failing?device=4", null, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        await demo.WaitForAsync(line => Row(line, device: 4) && line.Contains("CRITICAL", StringComparison.Ordinal) && line.Contains("FAILED", StringComparison.Ordinal) && line.Contains("> 1500", StringComparison.Ordinal));
        await demo.WaitForAsync(line => line.StartsWith("Stored, by SELECT ", StringComparison.Ordinal));
        var shown = demo.Lines.Count(line => RowStart().IsMatch(line));
        await demo.WaitForAsync(line => line.StartsWith("critical-alerts got ", StringComparison.Ordinal));
        var stored = demo.Lines.Select(line => StoredRow().Match(line)).Where(match => match.Success).ToList();
        Assert.Equal(["1", "2", "3", "4", "5"], stored.Select(row => row.Groups[1].Value));
        Assert.InRange(stored.Sum(row => int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture)), shown, int.MaxValue);
        Assert.InRange(shown, 50, int.MaxValue);
        Assert.DoesNotContain("got 0 of", demo.Lines[^1], StringComparison.Ordinal);
        Assert.Equal(0, await demo.WaitForExitAsync());
    }

    [Fact]
    public async Task The_drill_takes_down_API_broker_and_database_and_loses_nothing()
    {
        AssertPostgreSql();
        var drill = await Command.RunAsync(Barnabas, ["fms", "drill", "--outage", "1"]);
        drill.EnsureSuccess();
        Assert.Equal(3, drill.Lines.Count(line => line.StartsWith("... caught up by itself", StringComparison.Ordinal)));
        Assert.All((string[])["sensor-data", "sensor-alerts", "PostgreSQL"], stage => Assert.Single(drill.Lines, line => Regex.IsMatch(line, $"^{stage} +[1-9][0-9,]* +[0-9,]+ +0$")));
        Assert.Contains("Nothing was lost.", drill.Lines);
    }

    [Fact]
    public async Task The_figures_are_measured_against_their_goals()
    {
        // Small: what is asserted is that the measuring works and every reading arrives, not how fast a busy machine is.
        var figures = await Command.RunAsync(Barnabas, ["fms", "figures", "--readings", "50000", "--rate", "1000", "--seconds", "1", "--stored", "0"]);
        Assert.Single(figures.Lines, line => Regex.IsMatch(line, "^delivery of 251,000 readings +100 % +100 % +met +twice: 0 +met$"));
        Assert.Equal(figures.ExitCode == 0 ? "All goals are met." : "A goal is MISSED.", figures.Lines[^1]);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
        var demo = await Command.RunAsync(Barnabas, ["demo", "fms", "--port", "0", "--connect-port", "0", "--simulator-port", port]);
        Assert.Equal((1, $"port {port} for the simulator is in use\n"), (demo.ExitCode, demo.Error));
    }

    private static void AssertPostgreSql() =>
        Assert.SkipUnless(Directory.Exists("/usr/lib/postgresql"), "Debian's package postgresql is not installed.");

    private static bool Row(string line, int device) => RowStart().Match(line) is { Success: true } match && match.Groups[1].Value == device.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"http://localhost:\d+")]
    private static partial Regex Url();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z  device (\d+)  (NORMAL|CRITICAL)")]
    private static partial Regex RowStart();

    [GeneratedRegex(@"^ +(\d+) +(\d+) +\d+ +\d+ +\d+ +\d+ +\d{4}-")]
    private static partial Regex StoredRow();
}
