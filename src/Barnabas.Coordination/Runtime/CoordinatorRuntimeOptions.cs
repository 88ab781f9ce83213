using Barnabas.Protocol.Compression;

namespace Barnabas.Coordination.Runtime;

/// <summary>How a coordinator runtime writes and loads.</summary>
/// <param name="AppendLingerMs">How long records are gathered before they are written; -1 adapts: what is queued together is written together. Milliseconds.</param>
/// <param name="WriteTimeoutMs">How long a written record may stay uncommitted before its request fails. Milliseconds.</param>
/// <param name="LoadBufferBytes">How much is read at a time when a partition is loaded. Bytes.</param>
/// <param name="Compression">The codec of the written batches.</param>
public sealed record CoordinatorRuntimeOptions(
    int AppendLingerMs, int WriteTimeoutMs, int LoadBufferBytes, CompressionType Compression);
