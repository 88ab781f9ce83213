namespace Barnabas.Client.Consumer.Assignors;

/// <summary>
/// The order in which a Java HashMap walks over its keys. Kafka's sticky assignors depend on it where members compete
/// for the same place, and all members of a group must come to the same end whoever leads.
/// </summary>
internal static class JavaOrder
{
    public static List<string> Of(IEnumerable<string> keys)
    {
        var all = keys.ToList();
        var capacity = 16;
        while (all.Count > capacity * 3 / 4) capacity *= 2;
        return [.. all.OrderBy(key => Bucket(key, capacity))];
    }

    private static int Bucket(string key, int capacity)
    {
        var hash = 0;
        foreach (var letter in key) hash = unchecked(31 * hash + letter);
        return (hash ^ (hash >>> 16)) & (capacity - 1);
    }
}
