using System.Buffers;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints records. What a record holds is good for the call only.</summary>
internal interface IMessageFormatter
{
    /// <summary>Prints one record.</summary>
    /// <exception cref="Barnabas.Client.Serialization.SerializationException">It is not what a deserializer expects.</exception>
    void Write(in PrintableRecord record, IBufferWriter<byte> output);
}
