using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;
using Microsoft.Extensions.Logging;
using ByteProducer = Barnabas.Client.Producer.Producer<System.ReadOnlyMemory<byte>?, System.ReadOnlyMemory<byte>?>;
using ByteRecord = Barnabas.Client.Producer.ProducerRecord<System.ReadOnlyMemory<byte>?, System.ReadOnlyMemory<byte>?>;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>kafka-console-producer: lines of the standard input become records. Bytes go through as they are.</summary>
internal sealed class ConsoleProducerVerb : Verb
{
    private readonly ConsoleProducerOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var reader = new LineRecordReader(_all.ReaderProperties(options));
        var environment = ToolEnvironment.Of(context);
        var producerOptions = ProducerOptions.Parse(LoginFile.Complete(_all.ProducerProperties(options)));
        // What was read is to be delivered or told of, however long the broker takes.
        producerOptions = producerOptions with { CloseTimeout = producerOptions.DeliveryTimeout + producerOptions.RequestTimeout };
        var errors = new DeliveryErrors(environment.LoggerFactory.CreateLogger("org.apache.kafka.tools.ConsoleProducer"), _all.Topic(options));
        await using (var producer = new ByteProducer(producerOptions, Serializers.Memory, Serializers.Memory, environment))
        {
            var feed = new Feed(context, producer, errors, _all.Topic(options));
            await feed.RunAsync(reader, _all.IsSync(options));
        }

        return errors.Count == 0 ? 0 : 1;
    }

    private sealed class Feed(VerbContext context, ByteProducer producer, DeliveryErrors errors, string topic)
    {
        private readonly bool _prompts = context.IsTerminal && !Console.IsInputRedirected;

        public async Task RunAsync(LineRecordReader reader, bool isSync)
        {
            var lines = new LineSplitter(context.Input);
            var isOpen = true;
            Prompt();
            while (isOpen)
            {
                isOpen = await lines.FillAsync(context.Stop);
                while (lines.TryTake(out var line))
                {
                    var fields = reader.Read(line);
                    var record = new ByteRecord(topic, fields.Key, fields.Value) { Headers = fields.Headers };
                    if (isSync)
                        await SendAndWaitAsync(record);
                    else if (!TrySend(record, fields))
                        await SendAsync(record, fields);
                    Prompt();
                }
            }
        }

        private bool TrySend(in ByteRecord record, in LineRecord fields)
        {
            try
            {
                return producer.TryEnqueue(record, errors);
            }
            catch (KafkaException error)
            {
                errors.Add(error, fields);
                return true;
            }
        }

        private async Task SendAsync(ByteRecord record, LineRecord fields)
        {
            try
            {
                await producer.EnqueueAsync(record, errors, cancellationToken: context.Stop);
            }
            catch (KafkaException error)
            {
                errors.Add(error, fields);
            }
        }

        private async Task SendAndWaitAsync(ByteRecord record)
        {
            var delivered = producer.ProduceAsync(record, context.Stop);
            // Nothing else will come before this one is stored, so there is nothing to linger for.
            await producer.FlushAsync(context.Stop);
            await delivered;
        }

        private void Prompt()
        {
            if (!_prompts)
                return;
            context.Out.Write('>');
            context.Out.Flush();
        }
    }
}
