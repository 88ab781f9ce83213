namespace Barnabas.Configuration.Topics;

/// <summary>Which of a broker's keys is a topic key's default.</summary>
public static class TopicConfigSynonyms
{
    private static readonly Dictionary<string, IReadOnlyList<string>> Table = Load();

    /// <summary>The broker's keys behind a topic key, first wins; empty where there is none.</summary>
    public static IReadOnlyList<string> BrokerKeys(string topicKey) => Table.GetValueOrDefault(topicKey) ?? [];

    /// <summary>
    /// The names a broker's key is looked up by, first wins: keys in several units name each other, and a key with
    /// <c>listener.name.x.</c> before it names the one without.
    /// </summary>
    public static IReadOnlyList<string> BrokerSynonyms(string brokerKey)
    {
        switch (brokerKey)
        {
            case "log.roll.ms" or "log.roll.hours":
                return ["log.roll.ms", "log.roll.hours"];
            case "log.roll.jitter.ms" or "log.roll.jitter.hours":
                return ["log.roll.jitter.ms", "log.roll.jitter.hours"];
            case "log.flush.interval.ms":
                return ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"];
            case "log.retention.ms" or "log.retention.minutes" or "log.retention.hours":
                return ["log.retention.ms", "log.retention.minutes", "log.retention.hours"];
        }

        if (!brokerKey.StartsWith("listener.name.", StringComparison.Ordinal))
            return [brokerKey];
        var end = brokerKey.IndexOf('.', "listener.name.".Length);
        if (end < 0)
            return [brokerKey];
        var key = brokerKey[(end + 1)..];
        foreach (var suffix in (string[])["sasl.jaas.config", "sasl.login.callback.handler.class", "sasl.login.class", "sasl.server.callback.handler.class", "connections.max.reauth.ms", "sasl.server.max.receive.size"])
            if (key.EndsWith("." + suffix, StringComparison.Ordinal))
                key = suffix;
        return [brokerKey, key];
    }

    private static Dictionary<string, IReadOnlyList<string>> Load()
    {
        var table = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var line in ConfigTable.Lines("topic-synonyms"))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            table[cells[0]] = cells[1].Split(',', StringSplitOptions.TrimEntries);
        }

        return table;
    }
}
