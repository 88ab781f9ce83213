using System.Globalization;
using System.Text;
using Barnabas.Client.Consumer;
using Barnabas.Client.Producer;
using Barnabas.Connect.Tasks;
using Barnabas.Protocol.Records;

namespace Barnabas.Connect.ErrorHandling;

/// <summary>Writes records that failed, as they were in Kafka, to <c>errors.deadletterqueue.topic.name</c>.</summary>
/// <param name="topic">The topic.</param>
/// <param name="hasContext">Whether headers tell where and why they failed.</param>
/// <param name="task">Whose records.</param>
/// <param name="producer">Its producer; <see cref="CloseAsync"/> closes it.</param>
public sealed class DeadLetterQueue(string topic, bool hasContext, ConnectorTaskId task, Producer<byte[]?, byte[]?> producer)
{
    private const string Prefix = "__connect.errors.";

    /// <summary>Done when the record is in the topic.</summary>
    /// <exception cref="ProduceException">It could not be written.</exception>
    public Task WriteAsync(in ConsumeResult<byte[]?, byte[]?> record, RecordFailure failure, CancellationToken cancellationToken)
    {
        var headers = new List<RecordHeader>(record.Headers);
        if (hasContext)
        {
            Add(headers, "topic", record.Topic);
            Add(headers, "partition", record.Partition.ToString(CultureInfo.InvariantCulture));
            Add(headers, "offset", record.Offset.ToString(CultureInfo.InvariantCulture));
            Add(headers, "connector.name", task.Connector);
            Add(headers, "task.id", task.Task.ToString(CultureInfo.InvariantCulture));
            Add(headers, "stage", ErrorStages.NameOf(failure.Stage));
            Add(headers, "class.name", failure.PluginName);
            Add(headers, "exception.class.name", failure.Error.GetType().FullName!);
            Add(headers, "exception.message", failure.Error.Message);
            Add(headers, "exception.stacktrace", failure.Error.ToString());
        }

        return producer.ProduceAsync(
            new ProducerRecord<byte[]?, byte[]?>(topic, record.Key, record.Value) { Timestamp = record.Timestamp < 0 ? null : record.Timestamp, Headers = headers }, cancellationToken);
    }

    /// <summary>Closes the producer.</summary>
    public ValueTask CloseAsync() => producer.DisposeAsync();

    private static void Add(List<RecordHeader> headers, string name, string text) => headers.Add(new RecordHeader(Prefix + name, Encoding.UTF8.GetBytes(text)));
}
