using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs;

/// <summary>Checks that the tools with producers and consumers have in common.</summary>
internal static class ToolOptions
{
    /// <summary>Fails where an option is given together with the one that replaces it.</summary>
    /// <exception cref="OptionException">Both are given.</exception>
    public static void ForbidTogether(this OptionSet options, OptionSpec first, OptionSpec second)
    {
        if (options.Has(first) && options.Has(second))
            throw new OptionException($"Options --{first.Names[0]} and --{second.Names[0]} cannot be specified together.");
    }

    /// <summary>Puts an option's value, or its default, into properties; a default does not replace what is there.</summary>
    /// <exception cref="OptionException">The value is no number, and is to be one.</exception>
    public static void Merge(this OptionSet options, Dictionary<string, string> properties, string name, OptionSpec option, bool isNumber = true)
    {
        if (!options.Has(option) && (option.Default is null || properties.ContainsKey(name)))
            return;
        if (isNumber)
            _ = options.LongOf(option);
        properties[name] = options.Required(option);
    }

    /// <summary>Fails where addresses are not all <c>host:port</c>.</summary>
    /// <exception cref="OptionException">They are not; the text is Kafka's.</exception>
    public static void CheckBootstrapServers(string? addresses)
    {
        if (string.IsNullOrWhiteSpace(addresses))
            throw new OptionException("Error while validating the bootstrap address");
        foreach (var address in addresses.Split(','))
        {
            var colon = address.LastIndexOf(':');
            if (colon <= 0 || !ushort.TryParse(address.AsSpan(colon + 1), out _))
                throw new OptionException("Please provide valid host:port like host1:9091,host2:9092");
        }
    }

    /// <summary>The value as a 32-bit number of milliseconds, messages or the like, or null where the option is not given.</summary>
    public static int? IntOrNull(this OptionSet options, OptionSpec option) => options.Has(option) ? options.IntOf(option) : null;
}
