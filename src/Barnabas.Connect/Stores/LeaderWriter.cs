using Barnabas.Client;
using Barnabas.Client.Producer;
using Barnabas.Client.Serialization;
using Barnabas.Connect.Errors;
using Barnabas.Protocol;

namespace Barnabas.Connect.Stores;

/// <summary>
/// The leader's writes to the configuration topic in transactions (KIP-618): a worker that still believes to lead is
/// fenced by the one that does. Used by one caller at a time.
/// </summary>
internal sealed class LeaderWriter(string topic, ProducerOptions options, ClientEnvironment environment) : IAsyncDisposable
{
    private Producer<byte[]?, byte[]?>? _producer;

    /// <exception cref="ConnectException">The cluster refuses.</exception>
    public async Task ClaimAsync(CancellationToken cancellationToken)
    {
        if (_producer is not null) return;
        var producer = new Producer<byte[]?, byte[]?>(options, Serializers.ByteArray, Serializers.ByteArray, environment);
        try
        {
            await producer.InitTransactionsAsync(cancellationToken);
            _producer = producer;
        }
        catch (Exception error) when (error is KafkaException or TimeoutException or OperationCanceledException)
        {
            await producer.CloseAsync(TimeSpan.Zero);
            throw new ConnectException("Failed to create and initialize fencable producer for config topic", error);
        }
    }

    /// <exception cref="ConnectException">This worker leads no more, or the records could not be written; none of them counts.</exception>
    public async Task WriteAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> records, CancellationToken cancellationToken)
    {
        var producer = _producer ?? throw new PrivilegedWriteException("Cannot produce to config topic without claiming write privileges first");
        try
        {
            producer.BeginTransaction();
            foreach (var (key, value) in records) _ = producer.ProduceAsync(new ProducerRecord<byte[]?, byte[]?>(topic, key, value), cancellationToken);
            await producer.CommitTransactionAsync(cancellationToken);
        }
        catch (Exception error) when (error is KafkaException or TimeoutException or OperationCanceledException or InvalidOperationException)
        {
            await DisposeAsync();
            throw new PrivilegedWriteException("Failed to perform fencable send to config topic", error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_producer is null) return;
        await _producer.CloseAsync(TimeSpan.Zero);
        _producer = null;
    }
}
