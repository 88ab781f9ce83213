namespace Barnabas.Connect.Http.Requests;

/// <summary>A request to be made, perhaps several times.</summary>
/// <param name="Method">GET, POST and so on.</param>
/// <param name="Url">Where to.</param>
/// <param name="Body">Its body; null for none.</param>
/// <param name="ContentType">The type of the body where no header names it.</param>
/// <param name="KnownTag">Ask only for what differs from the state of this tag; null for all.</param>
internal sealed record HttpCall(HttpMethod Method, Uri Url, ReadOnlyMemory<byte>? Body, string? ContentType, string? KnownTag);
