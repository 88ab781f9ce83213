namespace Barnabas.Protocol.Generator.Schemas;

/// <summary>An inclusive range of message versions; "3+" ends at <see cref="short.MaxValue"/>, "none" is empty.</summary>
internal readonly struct VersionRange(short lowest, short highest)
{
    public static readonly VersionRange None = new(0, -1);

    public short Lowest { get; } = lowest;

    public short Highest { get; } = highest;

    public bool IsEmpty => Highest < Lowest;

    public VersionRange Intersect(VersionRange other)
    {
        var low = Lowest > other.Lowest ? Lowest : other.Lowest;
        var high = Highest < other.Highest ? Highest : other.Highest;
        return high < low ? None : new VersionRange(low, high);
    }

    public bool Contains(int version) => version >= Lowest && version <= Highest;

    public bool Covers(VersionRange other) => other.IsEmpty || (Lowest <= other.Lowest && Highest >= other.Highest);

    public static bool TryParse(string text, out VersionRange range)
    {
        range = None;
        if (text == "none")
            return true;
        if (text.Length > 0 && text[text.Length - 1] == '+')
        {
            if (!short.TryParse(text.Substring(0, text.Length - 1), out var from))
                return false;
            range = new VersionRange(from, short.MaxValue);
            return true;
        }
        var parts = text.Split('-');
        if (parts.Length > 2 || !short.TryParse(parts[0], out var low))
            return false;
        var high = low;
        if (parts.Length == 2 && !short.TryParse(parts[1], out high))
            return false;
        range = new VersionRange(low, high);
        return !range.IsEmpty;
    }

    public override string ToString() =>
        IsEmpty ? "none"
        : Highest == short.MaxValue ? Lowest + "+"
        : Lowest == Highest ? Lowest.ToString()
        : Lowest + "-" + Highest;
}
