using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Fms.Readings;
using Barnabas.Protocol;

namespace Barnabas.Fms.Collecting;

/// <summary>Asks the FMS API for each device and sends what it says to a topic: what the HTTP source does by configuration, as a program.</summary>
public sealed class ReadingProducer : IAsyncDisposable
{
    private const int MostAnswerBytes = 1024 * 1024;
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly Producer<string?, ReadOnlyMemory<byte>?> _producer;
    private readonly Uri _api;
    private readonly string _topic;
    private readonly int _devices;
    private readonly TimeProvider _time;
    private readonly TextWriter _output;

    /// <summary>A producer; it asks when it is told to.</summary>
    /// <param name="servers">Addresses of brokers.</param>
    /// <param name="topic">Where readings go, with the device's number as key.</param>
    /// <param name="api">The API, as <c>http://host:port/</c>.</param>
    /// <param name="devices">Devices 1 to this are asked for.</param>
    /// <param name="environment">What it takes from the world.</param>
    /// <param name="output">Where it tells what it sent.</param>
    public ReadingProducer(IReadOnlyList<string> servers, string topic, Uri api, int devices, ClientEnvironment environment, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (_topic, _api, _devices, _time, _output) = (topic, api, devices, environment.Time, output);
        _http = new HttpClient { Timeout = RequestTimeout, MaxResponseContentBufferSize = MostAnswerBytes };
        _producer = new Producer<string?, ReadOnlyMemory<byte>?>(
            new ProducerOptions { BootstrapServers = servers, ClientId = "fms-producer", EnableIdempotence = true, Linger = TimeSpan.Zero }, Serializers.Utf8, Serializers.Memory, environment);
    }

    /// <summary>Asks for every device once.</summary>
    /// <returns>How many devices could not be read or sent.</returns>
    public async Task<int> RunRoundAsync(CancellationToken stop)
    {
        var failed = 0;
        for (var device = 1; device <= _devices; device++)
        {
            try
            {
                var report = await CollectAsync(device, stop);
                await _output.WriteLineAsync($"device {device} -> {_topic}-{report.TopicPartition.Partition.ToString(CultureInfo.InvariantCulture)} @ {report.Offset.ToString(CultureInfo.InvariantCulture)}");
            }
            catch (Exception error) when (error is HttpRequestException or InvalidDataException or KafkaException || (error is OperationCanceledException && !stop.IsCancellationRequested))
            {
                failed++;
                await _output.WriteLineAsync($"device {device}: {error.Message}");
            }
        }

        await _output.FlushAsync(stop);
        return failed;
    }

    /// <summary>Asks round after round until asked to stop.</summary>
    public async Task RunAsync(TimeSpan interval, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(interval, _time);
        do
            _ = await RunRoundAsync(stop);
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _producer.DisposeAsync();
        _http.Dispose();
    }

    private async Task<DeliveryReport> CollectAsync(int device, CancellationToken stop)
    {
        var key = device.ToString(CultureInfo.InvariantCulture);
        var answer = await _http.GetByteArrayAsync(new Uri(_api, key + "/"), stop);
        return await _producer.ProduceAsync(new(_topic, key, WithSchema(answer, Encoding.ASCII.GetBytes(key))), stop);
    }

    private static ReadOnlyMemory<byte> WithSchema(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> key)
    {
        if (!ReadingParser.TryParse(answer, key, out var reading) || reading.TimeJson.IsEmpty)
            throw new InvalidDataException("the API's answer is no reading: " + Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 100)]));
        var output = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(output);
        ReadingWriter.WriteWithSchema(output, writer, reading);
        return output.WrittenMemory;
    }
}
