using Barnabas.Protocol.Messages;

namespace Barnabas.Coordination.Sharing;

/// <summary>
/// Where the state of share partitions is kept (KIP-932). Requests carry any number of partitions of one group; errors
/// are told per partition, and tasks do not fail.
/// </summary>
public interface IShareGroupState
{
    /// <summary>Begins the state of share partitions, or begins it anew under a higher state epoch.</summary>
    Task<InitializeShareGroupStateResponse> InitializeAsync(InitializeShareGroupStateRequest request);

    /// <summary>Reads the state for a partition's leader, and fences leaders before it.</summary>
    Task<ReadShareGroupStateResponse> ReadAsync(ReadShareGroupStateRequest request);

    /// <summary>Writes what has changed of the state.</summary>
    Task<WriteShareGroupStateResponse> WriteAsync(WriteShareGroupStateRequest request);

    /// <summary>Forgets the state.</summary>
    Task<DeleteShareGroupStateResponse> DeleteAsync(DeleteShareGroupStateRequest request);

    /// <summary>Reads start offsets without touching the state.</summary>
    Task<ReadShareGroupStateSummaryResponse> ReadSummaryAsync(ReadShareGroupStateSummaryRequest request);
}
