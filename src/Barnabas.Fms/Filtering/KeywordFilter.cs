using System.Text;

namespace Barnabas.Fms.Filtering;

/// <summary>Whether a record's value holds one of some keywords, compared as bytes of UTF-8. Immutable.</summary>
internal sealed class KeywordFilter
{
    private readonly byte[][] _keywords;
    private readonly bool _ignoresCase;

    /// <param name="keywords">One of them has to be there.</param>
    /// <param name="ignoresCase">Whether the letters a to z stand for A to Z too; other letters have to be the same.</param>
    /// <exception cref="ArgumentException">There is no keyword, or an empty one.</exception>
    public KeywordFilter(IReadOnlyList<string> keywords, bool ignoresCase)
    {
        if (keywords.Count == 0 || keywords.Any(string.IsNullOrEmpty))
            throw new ArgumentException("a keyword is needed, and none may be empty", nameof(keywords));
        _keywords = [.. keywords.Select(Encoding.UTF8.GetBytes)];
        _ignoresCase = ignoresCase;
    }

    public bool Matches(ReadOnlySpan<byte> value)
    {
        foreach (var keyword in _keywords)
            if (_ignoresCase ? ContainsIgnoringCase(value, keyword) : value.IndexOf(keyword) >= 0)
                return true;
        return false;
    }

    private static bool ContainsIgnoringCase(ReadOnlySpan<byte> value, byte[] keyword)
    {
        var first = keyword[0];
        var (lower, upper) = (char.IsAsciiLetter((char)first) ? (byte)(first | 0x20) : first, char.IsAsciiLetter((char)first) ? (byte)(first & ~0x20) : first);
        while (value.Length >= keyword.Length)
        {
            var at = value.IndexOfAny(lower, upper);
            if (at < 0 || value.Length - at < keyword.Length)
                return false;
            if (SameIgnoringCase(value.Slice(at, keyword.Length), keyword))
                return true;
            value = value[(at + 1)..];
        }

        return false;
    }

    private static bool SameIgnoringCase(ReadOnlySpan<byte> left, byte[] right)
    {
        for (var at = 0; at < right.Length; at++)
            if (left[at] != right[at] && !(char.IsAsciiLetter((char)right[at]) && (left[at] | 0x20) == (right[at] | 0x20)))
                return false;
        return true;
    }
}
