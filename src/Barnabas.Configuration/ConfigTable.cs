using System.Reflection;
using Barnabas.Configuration.Validation;

namespace Barnabas.Configuration;

/// <summary>
/// Reads a table of keys. One key a line: <c>name | type | default | valid values | importance | update mode | documentation</c>;
/// <c>null</c>, <c>""</c> and <c>(required)</c> stand for those defaults. Lines that begin with # are comments.
/// </summary>
internal static class ConfigTable
{
    public static ConfigDefinition Load(string table) => new(table, Lines(table).Select(ReadKey).ToList());

    internal static IEnumerable<string> Lines(string table)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(table + ".txt")
            ?? throw new InvalidOperationException($"There is no embedded table {table}.txt");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            if (line.Length > 0 && line[0] != '#')
                yield return line;
    }

    private static ConfigKey ReadKey(string line)
    {
        var cells = line.Split('|', 7, StringSplitOptions.TrimEntries);
        if (cells.Length != 7)
            throw new InvalidOperationException($"A table's line has seven cells, this one not: {line}");
        var name = cells[0];
        var type = Enum.Parse<ConfigType>(cells[1], ignoreCase: true);
        var update = cells[5].Split(' ');
        return new ConfigKey
        {
            Name = name,
            Type = type,
            HasDefault = cells[2] != "(required)",
            Default = cells[2] switch { "null" or "(required)" => null, "\"\"" => "", var text => text },
            Validator = ValidatorNotation.Parse(cells[3], type),
            Importance = Enum.Parse<ConfigImportance>(cells[4], ignoreCase: true),
            UpdateMode = update[0] switch
            {
                "read-only" => ConfigUpdateMode.ReadOnly,
                "per-broker" => ConfigUpdateMode.PerBroker,
                "cluster-wide" => ConfigUpdateMode.ClusterWide,
                var other => throw new InvalidOperationException($"{name}: no update mode {other}"),
            },
            IsInternal = update.Length > 1 && update[1] == "internal",
            Documentation = cells[6],
        };
    }
}
