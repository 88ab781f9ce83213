using System.Runtime.CompilerServices;

namespace Barnabas.Fms.Readings;

/// <summary>The six numbers of a reading: sensor1 to sensor3, then motor1 to motor3. NaN stands for one that is missing.</summary>
[InlineArray(Count)]
internal struct Measures
{
    public const int Count = 6;
    public const int SensorCount = 3;

    /// <summary>The names in the order of the numbers.</summary>
    public static readonly string[] Names = ["sensor1", "sensor2", "sensor3", "motor1", "motor2", "motor3"];

    private double _first;

    public static Measures Missing()
    {
        var measures = default(Measures);
        for (var at = 0; at < Count; at++)
            measures[at] = double.NaN;
        return measures;
    }

    /// <summary>Which number a JSON name stands for; -1 for none.</summary>
    public static int IndexOf(ReadOnlySpan<byte> name)
    {
        if (name.Length < 6)
            return -1;
        var digit = name[^1] - '1';
        if (digit is < 0 or >= SensorCount)
            return -1;
        return name[..^1].SequenceEqual("sensor"u8) ? digit : name[..^1].SequenceEqual("motor"u8) ? SensorCount + digit : -1;
    }
}
