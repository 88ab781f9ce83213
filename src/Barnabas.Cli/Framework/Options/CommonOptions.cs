namespace Barnabas.Cli.Framework.Options;

/// <summary>Help and version, which every tool has.</summary>
internal static class CommonOptions
{
    /// <summary>Parses; prints help for <c>--help</c> and, where the tool needs arguments, for none, and the version for <c>--version</c>.</summary>
    /// <returns>null where the version was printed.</returns>
    public static OptionSet? ParseOrPrint(this OptionParser parser, VerbContext context, IReadOnlyList<string> arguments, bool needsArguments = true)
    {
        return ParseOrPrint(parser, context, arguments, [], needsArguments);
    }

    /// <summary>As the other; the actions given list something, which <c>--json</c> prints as JSON.</summary>
    public static OptionSet? ParseOrPrint(this OptionParser parser, VerbContext context, IReadOnlyList<string> arguments, IReadOnlyList<OptionSpec> listings, bool needsArguments = true)
    {
        var json = listings.Count > 0 ? parser.Flag("json", "With what lists or describes: print JSON, an object a row. Not an option of Apache Kafka.") : null;
        var help = parser.Add(new OptionSpec { Names = ["help"], Argument = OptionArgument.None, Description = "Print usage information.", IsForHelp = true });
        var version = parser.Add(new OptionSpec { Names = ["version"], Argument = OptionArgument.None, Description = "Print the version.", IsForHelp = true });
        if (needsArguments && arguments.Count == 0)
            throw new UsageException(parser.Help(), 1, toStandardError: true);
        var options = parser.Parse(arguments);
        if (options.Has(help))
            throw new UsageException(parser.Help(), 1, toStandardError: true);
        if (json is not null && options.Has(json))
        {
            if (!listings.Any(options.Has))
                throw new OptionException($"Option \"{json}\" can only be used with one of these: {string.Join(", ", listings)}");
            context.Listing = new JsonListing();
        }
        if (!options.Has(version))
            return options;
        context.Out.WriteLine(Versions.Text);
        return null;
    }
}
