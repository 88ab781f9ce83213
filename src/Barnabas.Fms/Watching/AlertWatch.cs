using Barnabas.Client;
using Barnabas.Client.Consumer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Fms.Watching;

/// <summary>Shows what arrives in <c>sensor-alerts</c> until asked to stop: a table that is drawn again on a terminal, lines elsewhere.</summary>
public sealed class AlertWatch
{
    private const int MostLinesPerSecond = 50;
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SummaryInterval = TimeSpan.FromSeconds(10);

    private readonly AlertBoard _board;
    private readonly IReadOnlyList<string> _servers;
    private readonly string _topic;
    private readonly bool _fromBeginning;
    private readonly ClientEnvironment _environment;
    private readonly TextWriter _output;
    private readonly bool _isTerminal;
    private readonly Queue<(long At, long Readings)> _recent = [];
    private readonly long _started;
    private long _lastFrame;
    private long _lastSummary;
    private long _second;
    private int _linesOfSecond;
    private long _left;
    private int _tableLines;

    /// <summary>A view of a topic.</summary>
    /// <param name="servers">Addresses of brokers.</param>
    /// <param name="topic">The topic that the analyser writes.</param>
    /// <param name="fromBeginning">Whether what is there already is shown too.</param>
    /// <param name="environment">What the consumer takes from the world.</param>
    /// <param name="output">Where it is shown.</param>
    /// <param name="isTerminal">Whether a person sees it and ANSI sequences mean something.</param>
    public AlertWatch(IReadOnlyList<string> servers, string topic, bool fromBeginning, ClientEnvironment environment, TextWriter output, bool isTerminal)
    {
        ArgumentNullException.ThrowIfNull(environment);
        (_servers, _topic, _fromBeginning, _environment, _output, _isTerminal) = (servers, topic, fromBeginning, environment, output, isTerminal);
        _board = new AlertBoard(environment.Time.GetUtcNow().ToUnixTimeMilliseconds());
        _started = _lastFrame = _lastSummary = environment.Time.GetTimestamp();
    }

    /// <summary>How many records were seen.</summary>
    public long Readings => _board.Readings;

    /// <summary>How many of them were CRITICAL.</summary>
    public long Critical => _board.Critical;

    /// <summary>Shows until asked to stop.</summary>
    /// <exception cref="KafkaException">The cluster refuses for good.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var consumer = new Consumer<object?, ReadOnlyMemory<byte>?>(
            new ConsumerOptions { BootstrapServers = _servers, EnableAutoCommit = false, AutoOffsetReset = _fromBeginning ? OffsetReset.Earliest : OffsetReset.Latest },
            Deserializers.Ignore,
            Deserializers.Memory,
            _environment);
        try
        {
            consumer.Assign([.. (await consumer.PartitionsForAsync(_topic, cancellationToken: stop)).Select(partition => new TopicPartition(_topic, partition.Partition))]);
            while (true)
            {
                foreach (var record in await consumer.PollAsync(Frame, stop))
                    Take(record.Value, record.Timestamp);
                await ShowAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await ShowLastAsync();
        }
    }

    private void Take(ReadOnlyMemory<byte>? value, long timestampMs)
    {
        var now = _environment.Time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_board.Take(value is { } bytes ? bytes.Span : [], timestampMs, now) is not { } row || _isTerminal)
            return;
        // Who reads lines has no use for thousands of them a second.
        if (now / 1000 != _second)
            (_second, _linesOfSecond) = (now / 1000, 0);
        if (_linesOfSecond++ < MostLinesPerSecond)
            _output.WriteLine(BoardText.Line(row));
        else
            _left++;
    }

    private async Task ShowAsync(CancellationToken stop)
    {
        var time = _environment.Time;
        if (_isTerminal && time.GetElapsedTime(_lastFrame) >= Frame)
        {
            _lastFrame = time.GetTimestamp();
            await DrawAsync(stop);
        }
        else if (!_isTerminal)
        {
            if (time.GetElapsedTime(_lastSummary) >= SummaryInterval)
            {
                _lastSummary = time.GetTimestamp();
                await _output.WriteLineAsync("-- " + Summary());
            }

            await _output.FlushAsync(stop);
        }
    }

    private async Task DrawAsync(CancellationToken stop)
    {
        // A table longer than the terminal could not be drawn over itself.
        const int mostRows = 20;
        var table = BoardText.Table(_board, _topic, Rate(), mostRows);
        await _output.WriteAsync(_tableLines > 0 ? $"\e[{_tableLines}A\r{table}" : table);
        _tableLines = table.Count(letter => letter == '\n');
        await _output.FlushAsync(stop);
    }

    private async Task ShowLastAsync()
    {
        if (_isTerminal)
            await DrawAsync(CancellationToken.None);
        else
            await _output.WriteLineAsync("-- " + Summary());
        await _output.FlushAsync();
    }

    private string Summary() => BoardText.Summary(_board, Rate()) + (_left > 0 ? $", {_left:N0} not shown" : "");

    // Over the last seconds.
    private double Rate()
    {
        var now = (long)_environment.Time.GetElapsedTime(_started).TotalMilliseconds;
        _recent.Enqueue((now, _board.Readings));
        while (_recent.Count > 1 && now - _recent.Peek().At > 5_000)
            _recent.Dequeue();
        var (at, readings) = _recent.Peek();
        return now - at > 100 ? (_board.Readings - readings) * 1000.0 / (now - at) : now > 0 ? _board.Readings * 1000.0 / now : 0;
    }
}
