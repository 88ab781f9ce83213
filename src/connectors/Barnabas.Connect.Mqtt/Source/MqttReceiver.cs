using System.Threading.Channels;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Mqtt.Native;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Mqtt.Source;

/// <summary>
/// Keeps a session with an MQTT server on a thread of its own. The library puts acknowledgements in line as it reads
/// messages; this thread writes nothing while a batch is not in Kafka, so that a message is acknowledged only once its
/// record is. One batch is under way at a time.
/// </summary>
internal sealed class MqttReceiver
{
    private const int MostMessages = 1_000;
    private const int PollMilliseconds = 200;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(PollMilliseconds);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    private readonly MqttOptions _options;
    private readonly IReadOnlyList<string> _filters;
    private readonly int _qos;
    private readonly bool _isClean;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly List<MqttMessage> _arrived = [];
    private readonly Channel<IReadOnlyList<MqttMessage>> _batches = Channel.CreateBounded<IReadOnlyList<MqttMessage>>(1);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _inKafka = new();
    private readonly ManualResetEventSlim _stop = new();
    private int _left;

    public MqttReceiver(MqttOptions options, IReadOnlyList<string> filters, bool isClean, TimeProvider time, ILogger logger)
    {
        _options = options;
        _filters = filters;
        // The library keeps the second half of quality 2 in memory, where a crash would lose messages of a session that is kept.
        _qos = isClean ? options.Qos : Math.Min(options.Qos, 1);
        _isClean = isClean;
        _time = time;
        _logger = logger;
    }

    /// <summary>The batches; it ends with an exception where the session cannot go on.</summary>
    public ChannelReader<IReadOnlyList<MqttMessage>> Batches => _batches.Reader;

    /// <summary>Starts the thread; done when the first connection stands.</summary>
    /// <exception cref="ConnectException">It does not come to stand.</exception>
    public Task StartAsync()
    {
        Mosquitto.Load();
        new Thread(Run) { IsBackground = true, Name = "mqtt-source" }.Start();
        return _ready.Task;
    }

    /// <summary>A message of the batch is in Kafka, or was dropped on purpose.</summary>
    public void Committed()
    {
        if (Interlocked.Decrement(ref _left) == 0) _inKafka.Set();
    }

    /// <summary>Ends the session's connection; what is not in Kafka stays unacknowledged.</summary>
    public async Task StopAsync()
    {
        _stop.Set();
        await _ended.Task;
    }

    private void Run()
    {
        var backoff = TimeSpan.FromSeconds(1);
        try
        {
            while (!_stop.IsSet)
            {
                try
                {
                    using var client = Connect();
                    backoff = TimeSpan.FromSeconds(1);
                    Receive(client);
                }
                catch (MqttException error) when (_ready.Task.IsCompleted)
                {
                    MqttLog.Disconnected(_logger, error.Message, backoff);
                    _stop.Wait(backoff);
                    backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
                }
            }
        }
        catch (Exception error)
        {
            var failure = error as ConnectException ?? new ConnectException($"The MQTT session ended: {error.Message}", error);
            _ready.TrySetException(failure);
            _batches.Writer.TryComplete(failure);
        }
        finally
        {
            _ready.TrySetCanceled();
            _batches.Writer.TryComplete();
            _ended.TrySetResult();
        }
    }

    private MqttClient Connect()
    {
        var reasons = new List<string>();
        foreach (var server in _options.Servers)
        {
            var client = new MqttClient(_options, server, _isClean) { Arrived = _arrived.Add };
            try
            {
                _arrived.Clear();
                client.HoldWrites();
                client.Connect();
                AwaitAnswer(client);
                // In line before any acknowledgement: messages of a kept session may follow the answer at once.
                foreach (var filter in _filters) client.Subscribe(filter, _qos);
                client.Write();
                MqttLog.Connected(_logger, server.ToString(), _options.ClientId);
                _ready.TrySetResult();
                return client;
            }
            catch (MqttException error)
            {
                client.Dispose();
                reasons.Add($"{server}: {error.Message}");
            }
        }

        throw new MqttException(string.Join("; ", reasons));
    }

    private void AwaitAnswer(MqttClient client)
    {
        var began = _time.GetTimestamp();
        while (client.Answer is null)
        {
            client.Write();
            try
            {
                client.Drive(PollMilliseconds, () => client.Answer is null ? 0 : 1, 1);
            }
            catch (MqttException) when (client.Answer is not null)
            {
                // The answer says more than the loss of the connection that follows a refusal.
                break;
            }

            if (_stop.IsSet) throw new MqttException("the task was stopped");
            if (_time.GetElapsedTime(began) > _options.ConnectTimeout) throw new MqttException($"the server did not answer within {_options.ConnectTimeout}");
        }

        if (client.Answer is { } answer and not 0) throw new MqttException($"the server refused: {Mosquitto.Reason(answer, _options.IsVersion5)}");
    }

    private void Receive(MqttClient client)
    {
        while (!_stop.IsSet)
        {
            MqttException? lost = null;
            try
            {
                client.Drive(PollMilliseconds, () => _arrived.Count, MostMessages);
            }
            catch (MqttException error)
            {
                lost = error;
            }

            if (_arrived.Count > 0 && !Deliver()) return;
            if (lost is not null) throw lost;
            if (client.RefusedFilter is { } refused) throw new ConnectException($"The MQTT server refused the subscription to {_filters[Math.Min(refused, _filters.Count - 1)]}.");
            client.Write();
        }

        client.Disconnect();
    }

    // Says whether all of it came to Kafka; not, when the task ends before.
    private bool Deliver()
    {
        _inKafka.Reset();
        _left = _arrived.Count;
        if (!_batches.Writer.TryWrite([.. _arrived])) throw new InvalidOperationException("A batch is under way already.");
        while (!_inKafka.Wait(Wait))
        {
            if (!_stop.IsSet) continue;
            MqttLog.LeftUnacknowledged(_logger, Volatile.Read(ref _left));
            return false;
        }

        _arrived.Clear();
        return true;
    }
}
