using System.Text;
using Barnabas.Fms.Watching;

namespace Barnabas.Fms.Tests;

public sealed class AlertBoardTests
{
    private const string Hot = """{"deviceId":3,"status":"CRITICAL","source":{"partition":0,"offset":1},"time":"2026-05-04T03:02:01.000Z","isFail":true,"alerts":[{"name":"sensor1","value":98.40,"threshold":90.00}],"averages":{"sensor1":80.00,"sensor2":1.00,"sensor3":2.00,"motor1":3.00,"motor2":4.00,"motor3":5.00}}""";

    private readonly AlertBoard _board = new(liveSinceMs: 1_000);

    [Fact]
    public void A_reading_is_a_line_for_people()
    {
        var row = _board.Take(Encoding.UTF8.GetBytes(Hot), timestampMs: 1_000, nowMs: 1_007);
        Assert.Equal(
            "2026-05-04T03:02:01.000Z  device 3  CRITICAL  sensor1 80.0 sensor2 1.0 sensor3 2.0 motor1 3.0 motor2 4.0 motor3 5.0  FAILED  sensor1 98.4 > 90",
            BoardText.Line(row!));
        Assert.Equal("1 readings, 1 critical, 2.5/s, delay p50 7 ms, p99 7 ms", BoardText.Summary(_board, 2.5));
    }

    [Fact]
    public void A_table_has_a_line_for_each_device_and_two_above()
    {
        foreach (var device in (int[])[1, 2, 3, 2])
            _board.Take(Encoding.UTF8.GetBytes(Hot.Replace(":3,", $":{device},", StringComparison.Ordinal)), 1_000, 1_000);
        var lines = BoardText.Table(_board, "alerts", 1, mostRows: 10).Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.StartsWith("2  ", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void History_has_no_delays_and_what_cannot_be_read_no_row()
    {
        _board.Take(Encoding.UTF8.GetBytes(Hot), timestampMs: 999, nowMs: 90_000);
        Assert.Null(_board.Take("no alert"u8, 1_000, 1_000));
        Assert.Equal((1, 0, 1), (_board.Readings, _board.Delays.Count, _board.Unreadable));
    }
}
