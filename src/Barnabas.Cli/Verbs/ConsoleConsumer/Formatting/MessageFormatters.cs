using System.Buffers;
using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>The formatters that Kafka's console consumer knows by class name, under their older package names too.</summary>
internal static class MessageFormatters
{
    /// <exception cref="VerbException">There is none of that name.</exception>
    public static IMessageFormatter Create(string className, IReadOnlyDictionary<string, string> properties, ILogger logger) =>
        className[(className.LastIndexOfAny(['.', '$']) + 1)..] switch
        {
            "DefaultMessageFormatter" => new DefaultMessageFormatter(properties, logger),
            "LoggingMessageFormatter" => new LoggingMessageFormatter(new DefaultMessageFormatter(properties, logger), logger),
            "NoOpMessageFormatter" => new NoOpMessageFormatter(),
            "OffsetsMessageFormatter" => new CoordinatorMessageFormatter(type => type is 0 or 1, type => GroupRecordCatalog.NewKey(type), type => GroupRecordCatalog.NewValue(type)),
            "GroupMetadataMessageFormatter" => new CoordinatorMessageFormatter(type => type == 2, type => GroupRecordCatalog.NewKey(type), type => GroupRecordCatalog.NewValue(type)),
            "TransactionLogMessageFormatter" => new CoordinatorMessageFormatter(type => type == 0, _ => new TransactionLogKey(), _ => new TransactionLogValue()),
            _ => throw new VerbException(className),
        };

    private sealed class NoOpMessageFormatter : IMessageFormatter
    {
        public void Write(in PrintableRecord record, IBufferWriter<byte> output)
        {
        }
    }
}
