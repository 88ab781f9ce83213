using System.Buffers;
using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints records. What a record holds is good for the call only.</summary>
internal interface IMessageFormatter
{
    /// <summary>Prints one record.</summary>
    /// <exception cref="Barnabas.Client.Serialization.SerializationException">It is not what a deserializer expects.</exception>
    void Write(TopicPartition partition, TimestampType timestampType, in RecordView record, IBufferWriter<byte> output);
}
