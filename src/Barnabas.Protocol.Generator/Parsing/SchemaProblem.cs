namespace Barnabas.Protocol.Generator.Parsing;

/// <summary>A mistake in a schema file; <paramref name="Line"/> counts from 0.</summary>
internal sealed record SchemaProblem(string Path, int Line, string Message);
