using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Fms.Readings;
using Barnabas.Fms.Simulation;

namespace Barnabas.Fms.Figures;

/// <summary>
/// Sends readings to a topic, at full speed or paced. What devices say is rendered beforehand, some readings each, and only the
/// time is put in: making readings up is the devices' work and not the pipeline's.
/// </summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private const int ReadingsOfDevice = 32;

    private readonly Producer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?> _producer;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly byte[][] _keys;
    private readonly byte[][] _values;
    private readonly int _timeFromEnd;
    private readonly bool _isStored;
    private byte[] _stamp = Encoding.ASCII.GetBytes(Times.ToText(0));

    /// <param name="servers">Addresses of brokers.</param>
    /// <param name="topic">Where readings go.</param>
    /// <param name="devices">How many devices send, one after the other.</param>
    /// <param name="isStored">Whether readings carry their schema, and no two of a device the same time, by which they are stored.</param>
    /// <param name="environment">What it takes from the world.</param>
    public LoadGenerator(IReadOnlyList<string> servers, string topic, int devices, bool isStored, ClientEnvironment environment)
    {
        (_topic, _isStored, _time) = (topic, isStored, environment.Time);
        _keys = [.. Enumerable.Range(1, devices).Select(device => Encoding.ASCII.GetBytes(device.ToString(CultureInfo.InvariantCulture)))];
        var source = new GeneratedReadings(seed: 1);
        _values = new byte[devices * ReadingsOfDevice][];
        for (var at = 0; at < _values.Length; at++)
            _values[at] = Render(source, (at % devices) + 1, at / devices, isStored);
        _timeFromEnd = _values[0].Length - _values[0].AsSpan().LastIndexOf("\"time\":\""u8) - "\"time\":\"".Length;
        _producer = new Producer<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?>(
            new ProducerOptions { BootstrapServers = servers, ClientId = "fms-load", EnableIdempotence = true, BatchSizeBytes = 256 * 1024, Linger = TimeSpan.FromMilliseconds(2) },
            Serializers.Memory,
            Serializers.Memory,
            environment);
    }

    /// <summary>The size of a reading's JSON, in bytes.</summary>
    public int ValueBytes => _values[0].Length;

    /// <summary>Sends readings and waits until all are acknowledged.</summary>
    /// <param name="count">How many.</param>
    /// <param name="perSecond">How many a second; 0 for as many as go.</param>
    /// <param name="stop">Gives up.</param>
    public async Task SendAsync(int count, int perSecond, CancellationToken stop)
    {
        var begin = _time.GetTimestamp();
        var beginMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var lastMs = 0L;
        for (var at = 0; at < count; at++)
        {
            if (perSecond > 0 && at % 10 == 0)
                await PaceAsync(begin, at, perSecond, stop);
            var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
            var stamp = _isStored ? beginMs + (at / _keys.Length) : now;
            if (stamp != lastMs)
                _stamp = Encoding.ASCII.GetBytes(Times.ToText(lastMs = stamp));
            var record = new ProducerRecord<ReadOnlyMemory<byte>?, ReadOnlyMemory<byte>?>(_topic, _keys[at % _keys.Length], Stamped(at % _values.Length)) { Timestamp = now };
            if (!_producer.TryEnqueue(record, null))
                await _producer.EnqueueAsync(record, null, null, stop);
        }

        await _producer.FlushAsync(stop);
    }

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private ReadOnlyMemory<byte> Stamped(int at)
    {
        var value = _values[at];
        _stamp.CopyTo(value.AsSpan(value.Length - _timeFromEnd));
        return value;
    }

    private async ValueTask PaceAsync(long begin, int sent, int perSecond, CancellationToken stop)
    {
        var ahead = TimeSpan.FromSeconds((double)sent / perSecond) - _time.GetElapsedTime(begin);
        if (ahead > TimeSpan.FromMilliseconds(1))
            await Task.Delay(ahead, _time, stop);
    }

    private static byte[] Render(GeneratedReadings source, int device, int tick, bool withSchema)
    {
        var values = source.At(device, tick, out var isFail);
        var reading = new SensorReading { DeviceId = device, Values = values, IsFail = isFail, TimeJson = Times.ToJson(0) };
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output);
        if (withSchema)
        {
            ReadingWriter.WriteWithSchema(output, writer, reading);
        }
        else
        {
            ReadingWriter.Write(writer, reading);
            writer.Flush();
        }

        return output.WrittenSpan.ToArray();
    }
}
