namespace Barnabas.Protocol;

/// <summary>A tagged field (KIP-482) that the schema does not know.</summary>
/// <param name="Tag">Its number.</param>
/// <param name="Data">Its bytes, uninterpreted.</param>
public readonly record struct RawTaggedField(int Tag, ReadOnlyMemory<byte> Data);
