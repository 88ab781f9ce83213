namespace Barnabas.Connect.Stores;

/// <summary>Keeps where source connectors have read to: bytes of keys and values, as Kafka Connect's JSON makes them. Safe from any thread.</summary>
public interface IOffsetStore
{
    /// <summary>Reads what is there.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>The value of each key, in order; null where there is none. Sees everything that was written before.</summary>
    Task<IReadOnlyList<byte[]?>> GetAsync(IReadOnlyList<byte[]> keys, CancellationToken cancellationToken);

    /// <summary>All keys and values.</summary>
    Task<IReadOnlyList<KeyValuePair<byte[], byte[]?>>> GetAllAsync(CancellationToken cancellationToken);

    /// <summary>Writes durably; a null value removes.</summary>
    Task SetAsync(IReadOnlyList<KeyValuePair<byte[], byte[]?>> values, CancellationToken cancellationToken);

    /// <summary>Ends.</summary>
    Task StopAsync();
}
