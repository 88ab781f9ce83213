namespace Barnabas.Cli.Framework.Options;

/// <summary>Help and version, which every tool has.</summary>
internal static class CommonOptions
{
    /// <summary>Parses; prints help for <c>--help</c> and, where the tool needs arguments, for none, and the version for <c>--version</c>.</summary>
    /// <returns>null where the version was printed.</returns>
    public static OptionSet? ParseOrPrint(this OptionParser parser, VerbContext context, IReadOnlyList<string> arguments, bool needsArguments = true)
    {
        var help = parser.Flag("help", "Print usage information.");
        var version = parser.Flag("version", "Print the version.");
        if (needsArguments && arguments.Count == 0)
            throw new UsageException(parser.Help(), 1, toStandardError: true);
        var options = parser.Parse(arguments);
        if (options.Has(help))
            throw new UsageException(parser.Help(), 1, toStandardError: true);
        if (!options.Has(version))
            return options;
        context.Out.WriteLine(Versions.Text);
        return null;
    }
}
