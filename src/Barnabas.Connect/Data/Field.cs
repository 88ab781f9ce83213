namespace Barnabas.Connect.Data;

/// <summary>A field of a struct's schema.</summary>
/// <param name="Name">Its name, unique in the struct.</param>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Schema">What it holds.</param>
public sealed record Field(string Name, int Index, Schema Schema);
