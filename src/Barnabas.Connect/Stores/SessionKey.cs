namespace Barnabas.Connect.Stores;

/// <summary>The key that workers sign requests to each other with (KIP-507). Immutable.</summary>
/// <param name="Key">Its bytes.</param>
/// <param name="Algorithm">What it was made for, by Java's name, as <c>HmacSHA256</c>.</param>
/// <param name="CreatedMs">When, in milliseconds since 1970.</param>
public sealed record SessionKey(byte[] Key, string Algorithm, long CreatedMs);
