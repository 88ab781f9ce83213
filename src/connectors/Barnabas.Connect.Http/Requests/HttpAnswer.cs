namespace Barnabas.Connect.Http.Requests;

/// <summary>A successful answer.</summary>
/// <param name="IsUnchanged">Whether the server said that nothing is new since the tag that was sent (304).</param>
/// <param name="ETag">The tag of this state, as it came; null for none.</param>
/// <param name="Body">The body, decompressed.</param>
internal sealed record HttpAnswer(bool IsUnchanged, string? ETag, ReadOnlyMemory<byte> Body);
