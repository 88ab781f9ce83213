using Barnabas.Connect.Mqtt.Native;

namespace Barnabas.Connect.Mqtt.Sink;

/// <summary>A connection that publishes, driven by the library's thread, which also connects again and repeats what was not acknowledged.</summary>
internal sealed class MqttPublisher : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<int> _pending = [];
    private readonly TaskCompletionSource<int> _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MqttClient _client;
    private TaskCompletionSource? _all;
    private int? _refusal;

    private MqttPublisher(MqttOptions options, MqttAddress server, bool isClean) => _client = new MqttClient(options, server, isClean)
    {
        Published = OnPublished,
        Answered = reason => _answered.TrySetResult(reason),
    };

    /// <summary>Connects to the first server that answers.</summary>
    /// <exception cref="MqttException">None did, or it refused.</exception>
    public static async Task<MqttPublisher> ConnectAsync(MqttOptions options, bool isClean, TimeProvider time, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        foreach (var server in options.Servers)
        {
            var publisher = new MqttPublisher(options, server, isClean);
            try
            {
                await publisher.OpenAsync(options, time, cancellationToken);
                return publisher;
            }
            catch (Exception error)
            {
                publisher.Dispose();
                if (error is not (MqttException or TimeoutException)) throw;
                reasons.Add($"{server}: {error.Message}");
            }
        }

        throw new MqttException(string.Join("; ", reasons));
    }

    /// <summary>Sends a message; <see cref="AcknowledgedAsync"/> tells when it and all before it are there.</summary>
    /// <exception cref="MqttException">It cannot be sent.</exception>
    public void Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool isRetained, IEnumerable<(string Name, string Value)> properties)
    {
        // The answer may be here before the id is known: it waits for this lock.
        lock (_gate) _pending.Add(_client.Publish(topic, payload, qos, isRetained, properties));
    }

    /// <summary>Done when the server has taken all that was sent; its reason where it refused one, of 128 or more.</summary>
    public async Task<int?> AcknowledgedAsync(CancellationToken cancellationToken)
    {
        Task waiting;
        lock (_gate)
        {
            if (_pending.Count > 0) _all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = _pending.Count > 0 ? _all!.Task : Task.CompletedTask;
        }

        await waiting.WaitAsync(cancellationToken);
        lock (_gate)
        {
            var refusal = _refusal;
            _refusal = null;
            return refusal;
        }
    }

    public void Disconnect() => _client.Disconnect();

    public void Dispose() => _client.Dispose();

    private async Task OpenAsync(MqttOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                _client.Connect();
                connected.SetResult();
            }
            catch (Exception error)
            {
                connected.SetException(error);
            }
        })
        { IsBackground = true, Name = "mqtt-connect" }.Start();
        // The library's call cannot be cancelled; it ends by the system's own limit.
        await connected.Task;
        _client.StartLoop();
        var answer = await _answered.Task.WaitAsync(options.ConnectTimeout, time, cancellationToken);
        if (answer != 0) throw new MqttException($"the server refused: {Mosquitto.Reason(answer, options.IsVersion5)}");
    }

    private void OnPublished(int id, int reason)
    {
        lock (_gate)
        {
            _pending.Remove(id);
            if (reason >= 128) _refusal = reason;
            if (_pending.Count == 0) _all?.TrySetResult();
        }
    }
}
