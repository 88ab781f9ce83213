using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Barnabas.Broker.Telemetry;

/// <summary>
/// Reads the numbers out of OTLP metrics in protocol buffers, as clients push them (KIP-714): gauges and sums. Other kinds are passed over.
/// Bounded by the bytes given and by a number of points.
/// </summary>
internal static class OtlpMetricsReader
{
    private const int MaxPoints = 2_000;
    private const int MaxTextBytes = 256;
    private const int MaxLabels = 16;

    /// <exception cref="InvalidDataException">The bytes are no such message.</exception>
    public static List<OtlpPoint> Read(ReadOnlySpan<byte> message)
    {
        var points = new List<OtlpPoint>();
        for (var reader = new ProtobufReader(message); reader.Next();)
        {
            // MetricsData.resource_metrics, ResourceMetrics.scope_metrics, ScopeMetrics.metrics
            if (reader.Field == 1)
                ReadResource(reader.Bytes(), points);
        }
        return points;
    }

    private static void ReadResource(ReadOnlySpan<byte> bytes, List<OtlpPoint> points)
    {
        for (var resource = new ProtobufReader(bytes); resource.Next();)
        {
            if (resource.Field != 2)
                continue;
            for (var scope = new ProtobufReader(resource.Bytes()); scope.Next();)
            {
                if (scope.Field == 2)
                    ReadMetric(scope.Bytes(), points);
            }
        }
    }

    private static void ReadMetric(ReadOnlySpan<byte> bytes, List<OtlpPoint> points)
    {
        var name = "";
        for (var metric = new ProtobufReader(bytes); metric.Next();)
        {
            if (metric.Field == 1)
                name = Text(metric.Bytes());
            else if (metric.Field is 5 or 7)
                ReadPoints(name, metric.Bytes(), isSum: metric.Field == 7, points);
        }
    }

    private static void ReadPoints(string name, ReadOnlySpan<byte> bytes, bool isSum, List<OtlpPoint> points)
    {
        var isMonotonic = false;
        var isDelta = false;
        var first = points.Count;
        for (var data = new ProtobufReader(bytes); data.Next();)
        {
            if (data.Field == 1 && points.Count < MaxPoints)
                points.Add(ReadPoint(name, data.Bytes()));
            else if (data.Field == 2 && isSum)
                isDelta = data.Number() == 1;
            else if (data.Field == 3 && isSum)
                isMonotonic = data.Number() != 0;
        }
        for (var i = first; i < points.Count; i++)
            points[i] = points[i] with { IsCounter = isSum && isMonotonic, IsDelta = isDelta };
    }

    private static OtlpPoint ReadPoint(string name, ReadOnlySpan<byte> bytes)
    {
        var value = 0.0;
        var labels = new List<(string, string)>();
        for (var point = new ProtobufReader(bytes); point.Next();)
        {
            if (point.Field == 4)
                value = BitConverter.UInt64BitsToDouble(point.Number());
            else if (point.Field == 6)
                value = (long)point.Number();
            else if (point.Field == 7 && labels.Count < MaxLabels)
                labels.Add(ReadAttribute(point.Bytes()));
        }
        return new OtlpPoint(name, [.. labels], value, false, false);
    }

    private static (string Name, string Value) ReadAttribute(ReadOnlySpan<byte> bytes)
    {
        var (name, value) = ("", "");
        for (var attribute = new ProtobufReader(bytes); attribute.Next();)
        {
            if (attribute.Field == 1)
                name = Text(attribute.Bytes());
            else if (attribute.Field == 2)
                value = ReadValue(attribute.Bytes());
        }
        return (name, value);
    }

    private static string ReadValue(ReadOnlySpan<byte> bytes)
    {
        for (var any = new ProtobufReader(bytes); any.Next();)
        {
            switch (any.Field)
            {
                case 1: return Text(any.Bytes());
                case 2: return any.Number() != 0 ? "true" : "false";
                case 3: return ((long)any.Number()).ToString(CultureInfo.InvariantCulture);
                case 4: return BitConverter.UInt64BitsToDouble(any.Number()).ToString(CultureInfo.InvariantCulture);
            }
        }
        return "";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxTextBytes)]);
}

/// <summary>One number that a client pushed.</summary>
/// <param name="Name">The metric, as org.apache.kafka.producer.connection.count.</param>
/// <param name="Labels">Its attributes.</param>
/// <param name="Value">The number.</param>
/// <param name="IsCounter">Whether it only rises.</param>
/// <param name="IsDelta">Whether it is what was added since the last push.</param>
internal readonly record struct OtlpPoint(string Name, (string Name, string Value)[] Labels, double Value, bool IsCounter, bool IsDelta);

/// <summary>Steps through the fields of one protocol buffers message.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;
    private ReadOnlySpan<byte> _bytes;
    private ulong _number;
    private int _wireType;

    public int Field { get; private set; }

    /// <exception cref="InvalidDataException">The message is cut or has a wire type that does not exist.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        _wireType = (int)(tag & 7);
        _bytes = default;
        switch (_wireType)
        {
            case 0: _number = Varint(); break;
            case 1: _number = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: _bytes = Take(Varint()); break;
            case 5: _number = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw new InvalidDataException($"Unknown wire type {_wireType}");
        }
        return true;
    }

    public readonly ReadOnlySpan<byte> Bytes() => _wireType == 2 ? _bytes : throw new InvalidDataException($"Field {Field} has no bytes");

    public readonly ulong Number() => _wireType != 2 ? _number : throw new InvalidDataException($"Field {Field} has no number");

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)_rest.Length)
            throw new InvalidDataException("The message is cut");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("A number is longer than 64 bits");
    }
}
