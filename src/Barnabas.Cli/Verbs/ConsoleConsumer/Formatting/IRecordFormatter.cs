using Barnabas.Client.Consumer;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Prints one record.</summary>
internal interface IRecordFormatter
{
    void Write(ConsumeResult<byte[]?, byte[]?> record, Stream output);
}
