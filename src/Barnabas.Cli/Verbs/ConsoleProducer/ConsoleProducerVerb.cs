using System.Globalization;
using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.ConsoleProducer;

/// <summary>kafka-console-producer: sends each line of the standard input as a record.</summary>
internal sealed class ConsoleProducerVerb : Verb
{
    private readonly ConsoleProducerOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        _all.Check(options, context.Out);
        var topic = options.Required(_all.Topic);
        var reader = new LineReader(_all.ReaderProperties(options));
        var producerOptions = ProducerOptions.Parse(_all.ProducerProperties(options));
        await using var producer = new Producer<byte[]?, byte[]?>(producerOptions, Serializers.ByteArray, Serializers.ByteArray, ClientEnvironment.ForProgram());
        var isSync = options.Has(_all.Sync);
        using var input = new StreamReader(context.Input, new UTF8Encoding(false));
        var prompts = context.IsTerminal && !Console.IsInputRedirected;
        var failed = new FailureLog(context.Error);
        while (true)
        {
            if (prompts)
            {
                context.Out.Write('>');
                await context.Out.FlushAsync();
            }

            if (await input.ReadLineAsync(context.Stop) is not { } line)
                break;
            var parsed = reader.Parse(line);
            var record = new ProducerRecord<byte[]?, byte[]?>(topic, parsed.Key, parsed.Value) { Headers = parsed.Headers };
            if (isSync)
                await producer.ProduceAsync(record, context.Stop);
            else
                await SendAsync(producer, record, failed, context.Stop);
        }

        await producer.FlushAsync(context.Stop);
        return 0;
    }

    private static async Task SendAsync(Producer<byte[]?, byte[]?> producer, ProducerRecord<byte[]?, byte[]?> record, FailureLog failed, CancellationToken stop)
    {
        try
        {
            await producer.EnqueueAsync(record, (_, error) =>
            {
                if (error is not null)
                    failed.Write(record, error);
            }, stop);
        }
        catch (Exception error) when (error is KafkaException or TimeoutException)
        {
            failed.Write(record, error);
        }
    }

    /// <summary>Tells of records that were not delivered; the tool goes on with the next, as Kafka's does.</summary>
    private sealed class FailureLog(TextWriter error)
    {
        private readonly Lock _gate = new();

        public void Write(ProducerRecord<byte[]?, byte[]?> record, Exception cause)
        {
            lock (_gate)
                error.WriteLine($"Error when sending message to topic {record.Topic} with key: {Size(record.Key)}, value: {Size(record.Value)} with error: {cause.Message}");
        }

        private static string Size(byte[]? bytes) => bytes is null ? "null" : bytes.Length.ToString(CultureInfo.InvariantCulture) + " bytes";
    }
}
