using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>C# conditions over the variable <c>version</c>.</summary>
internal static class VersionConditions
{
    /// <summary>Whether the version, known to be in <paramref name="scope"/>, is in <paramref name="range"/>.</summary>
    public static string In(VersionRange range, VersionRange scope)
    {
        var both = range.Intersect(scope);
        if (both.IsEmpty)
            return "false";
        var low = both.Lowest > scope.Lowest;
        var high = both.Highest < scope.Highest;
        if (!low && !high)
            return "true";
        if (both.Lowest == both.Highest)
            return "version == " + both.Lowest;
        if (low && high)
            return "version is >= " + both.Lowest + " and <= " + both.Highest;
        return low ? "version >= " + both.Lowest : "version <= " + both.Highest;
    }

    public static string Not(string condition) => condition switch
    {
        "true" => "false",
        "false" => "true",
        _ => "!(" + condition + ")",
    };
}
