using Barnabas.Cli.Framework;
using Barnabas.Client.Consumer;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>The formatters that Kafka's console consumer knows by class name, under their older package names too.</summary>
internal static class RecordFormatters
{
    /// <exception cref="VerbException">There is none of that name.</exception>
    public static IRecordFormatter Create(string className, IReadOnlyDictionary<string, string> properties, TextWriter log) =>
        className[(className.LastIndexOfAny(['.', '$']) + 1)..] switch
        {
            "DefaultMessageFormatter" => new DefaultFormatter(properties),
            "LoggingMessageFormatter" => new LoggingFormatter(new DefaultFormatter(properties), log),
            "NoOpMessageFormatter" => new NoFormatter(),
            "OffsetsMessageFormatter" => new OffsetsFormatter(),
            "GroupMetadataMessageFormatter" => new GroupMetadataFormatter(),
            "TransactionLogMessageFormatter" => new TransactionLogFormatter(),
            _ => throw new VerbException(className),
        };

    private sealed class NoFormatter : IRecordFormatter
    {
        public void Write(ConsumeResult<byte[]?, byte[]?> record, Stream output)
        {
        }
    }
}
