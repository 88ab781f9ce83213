using Barnabas.Protocol.Records;

namespace Barnabas.Client.Producer;

/// <summary>A record in bytes on its way into a batch.</summary>
internal readonly ref struct SerializedRecord
{
    public required long Timestamp { get; init; }

    public required bool HasKey { get; init; }

    public required ReadOnlySpan<byte> Key { get; init; }

    public required bool HasValue { get; init; }

    public required ReadOnlySpan<byte> Value { get; init; }

    public required IReadOnlyList<RecordHeader>? Headers { get; init; }

    public required IDeliveryHandler? Handler { get; init; }

    public required object? State { get; init; }

    /// <summary>The most bytes it takes in a batch.</summary>
    public required int UpperBoundBytes { get; init; }

    public int KeyBytes => HasKey ? Key.Length : -1;

    public int ValueBytes => HasValue ? Value.Length : -1;
}
