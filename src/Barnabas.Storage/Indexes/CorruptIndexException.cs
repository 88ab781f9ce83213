namespace Barnabas.Storage.Indexes;

/// <summary>An index contradicts itself or its segment; it is rebuilt from the segment.</summary>
internal sealed class CorruptIndexException(string message) : IOException(message);
