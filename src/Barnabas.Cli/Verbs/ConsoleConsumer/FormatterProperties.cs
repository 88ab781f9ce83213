using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsoleConsumer;

/// <summary>The options of both console consumers that say how records are printed.</summary>
/// <param name="Config">A file of properties.</param>
/// <param name="KeyDeserializer">Goes before the file.</param>
/// <param name="ValueDeserializer">Goes before the file.</param>
/// <param name="Former">key=value under the former name; goes before those.</param>
/// <param name="Property">key=value; goes before all others.</param>
internal sealed record FormatterProperties(OptionSpec Config, OptionSpec KeyDeserializer, OptionSpec ValueDeserializer, OptionSpec Former, OptionSpec Property)
{
    /// <summary>What the formatter is told.</summary>
    public Dictionary<string, string> Of(OptionSet options)
    {
        var properties = Clients.LoadProperties(options.ValueOf(Config));
        if (options.ValueOf(KeyDeserializer) is { Length: > 0 } key)
            properties["key.deserializer"] = key;
        if (options.ValueOf(ValueDeserializer) is { Length: > 0 } value)
            properties["value.deserializer"] = value;
        Clients.AddKeyValues(properties, options.ValuesOf(Former));
        Clients.AddKeyValues(properties, options.ValuesOf(Property));
        return properties;
    }
}
