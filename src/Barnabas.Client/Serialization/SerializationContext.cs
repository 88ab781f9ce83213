namespace Barnabas.Client.Serialization;

/// <summary>What a serializer may want to know besides the data.</summary>
/// <param name="Topic">The topic the record goes to or comes from.</param>
/// <param name="IsKey">True for the key, false for the value.</param>
public readonly record struct SerializationContext(string Topic, bool IsKey);
