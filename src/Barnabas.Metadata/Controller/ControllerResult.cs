using Barnabas.Metadata.Image;

namespace Barnabas.Metadata.Controller;

/// <summary>What a manager decided: the records to write, and the answer to give once they are committed.</summary>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="Records">The records, in order; empty when nothing changes.</param>
/// <param name="Response">The answer.</param>
internal sealed record ControllerResult<T>(IReadOnlyList<VersionedRecord> Records, T Response);

/// <summary>Makes results.</summary>
internal static class ControllerResult
{
    internal static ControllerResult<T> Of<T>(IReadOnlyList<VersionedRecord> records, T response) => new(records, response);

    internal static ControllerResult<T> Of<T>(T response) => new([], response);
}
