using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Verbs.Performance;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using TextProducer = Barnabas.Client.Producer.Producer<string?, string?>;
using TextRecord = Barnabas.Client.Producer.ProducerRecord<string?, string?>;

namespace Barnabas.Cli.Verbs.Verifiable;

/// <summary>kafka-verifiable-producer: writes numbers and tells of each whether it was acknowledged.</summary>
internal sealed class VerifiableProducerVerb : Verb
{
    private readonly VerifiableProducerOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        _all.Parse(arguments, context.Out);
        var options = ProducerOptions.Parse(LoginFile.Complete(_all.ProducerProperties()));
        options = options with { CloseTimeout = options.DeliveryTimeout + options.RequestTimeout };
        var events = new ToolEvents(context);
        var deliveries = new Deliveries(events, _all.Topic);
        var start = context.Time.GetTimestamp();
        long sent;
        await using (var producer = new TextProducer(options, Serializers.Utf8, Serializers.Utf8, ToolEnvironment.Of(context)))
            sent = await SendAsync(context, producer, events, deliveries);
        events.Print("shutdown_complete");
        var throughput = 1000 * deliveries.Acknowledged / context.Time.GetElapsedTime(start).TotalMilliseconds;
        events.Print("tool_data", json =>
        {
            json.WriteNumber("sent", sent);
            json.WriteNumber("acked", deliveries.Acknowledged);
            json.WriteNumber("target_throughput", _all.Throughput);
            json.WritePropertyName("avg_throughput");
            json.WriteRawValue(Configuration.Validation.JavaDouble.ToText(throughput));
        });
        return 0;
    }

    private async Task<long> SendAsync(VerbContext context, TextProducer producer, ToolEvents events, Deliveries deliveries)
    {
        var throttler = new ThroughputThrottler(_all.Throughput, context.Time);
        var createTime = _all.CreateTimeMs;
        var start = context.Time.GetTimestamp();
        var limit = _all.MaxMessages < 0 ? long.MaxValue : _all.MaxMessages;
        events.Print("startup_complete");
        for (long number = 0; number < limit; number++)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            var key = _all.RepeatingKeys is { } keys ? (number % keys).ToString(CultureInfo.InvariantCulture) : null;
            var record = new TextRecord(_all.Topic, key, _all.ValuePrefix is { } prefix ? $"{prefix}.{text}" : text) { Timestamp = createTime };
            if (createTime is not null)
                createTime += (long)context.Time.GetElapsedTime(start).TotalMilliseconds;
            try
            {
                await producer.EnqueueAsync(record, deliveries, record, context.Stop);
                await throttler.ThrottleAsync(number, context.Stop);
            }
            catch (KafkaException error)
            {
                deliveries.Failed(record, error);
            }
            catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
            {
                return number;
            }
        }

        return limit;
    }

    private sealed class Deliveries(ToolEvents events, string topic) : IDeliveryHandler
    {
        private long _acknowledged;

        public long Acknowledged => Interlocked.Read(ref _acknowledged);

        public void OnDelivery(in DeliveryReport report, KafkaException? error, object? state)
        {
            var record = (TextRecord)state!;
            if (error is not null)
            {
                Failed(record, error);
                return;
            }

            Interlocked.Increment(ref _acknowledged);
            var (partition, offset) = (report.TopicPartition.Partition, report.Offset);
            events.Print("producer_send_success", json =>
            {
                json.WriteString("key", record.Key);
                json.WriteString("value", record.Value);
                json.WriteNumber("offset", offset);
                json.WriteString("topic", topic);
                json.WriteNumber("partition", partition);
            });
        }

        public void Failed(TextRecord record, KafkaException error) => events.Print("producer_send_error", json =>
        {
            json.WriteString("topic", topic);
            json.WriteString("key", record.Key);
            json.WriteString("value", record.Value);
            json.WriteString("exception", $"class {JavaErrors.NameOf(error)}");
            json.WriteString("message", error.Message);
        });
    }
}
