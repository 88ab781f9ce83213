namespace Barnabas.Bench;

/// <summary>A row or the whole bench cannot give a figure; the message says why.</summary>
internal sealed class BenchException(string message) : Exception(message);
