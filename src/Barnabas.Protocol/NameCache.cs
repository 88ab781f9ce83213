using System.Text;

namespace Barnabas.Protocol;

/// <summary>
/// Strings that recur in every request (topics, groups, client ids), found by their bytes instead of made anew. A fixed
/// table where a newer name takes an older one's slot: hostile names cost no more than a miss. Any thread may use it;
/// a slot is one reference, read and written whole.
/// </summary>
internal static class NameCache
{
    private const int Slots = 4096;
    private const int LongestName = 256;

    private static readonly string?[] Names = new string?[Slots];

    public static string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestName)
            return Encoding.UTF8.GetString(bytes);
        ref var slot = ref Names[Hash(bytes) & (Slots - 1)];
        var known = Volatile.Read(ref slot);
        if (known is not null && Ascii.Equals(bytes, known))
            return known;
        var name = Encoding.UTF8.GetString(bytes);
        Volatile.Write(ref slot, name);
        return name;
    }

    /// <summary>FNV-1a, folded.</summary>
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes)
            hash = (hash ^ value) * 16777619u;
        return hash ^ (hash >> 15);
    }
}
