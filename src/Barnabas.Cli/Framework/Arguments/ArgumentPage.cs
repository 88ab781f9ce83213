using System.Text;

namespace Barnabas.Cli.Framework.Arguments;

/// <summary>The pages that a parser prints, laid out as argparse4j does.</summary>
internal static class ArgumentPage
{
    private const int HelpColumn = 25;
    private const int LongestTitle = 21;
    // A program's name beyond this leaves too little beside it: its arguments begin on the next line.
    private const int LongestProgram = 30;

    /// <summary>The usage lines of a parser.</summary>
    public static string Usage(ArgumentParser parser)
    {
        var words = new List<string>();
        if (parser.Parent is { } parent)
        {
            words.AddRange(parent.Arguments.Where(argument => argument.IsRequired).Select(argument => argument.Usage()));
            foreach (var group in parent.Groups.Where(group => group.IsRequired))
                words.AddRange(GroupUsage(group));
            words.Add(parser.Name);
        }

        words.Add("[-h]");
        words.AddRange(parser.Arguments
            .Where(argument => argument is { IsAddition: false, Kind: not ArgumentKind.Words } && !parser.Groups.Any(group => group.Arguments.Contains(argument)))
            .Select(argument => argument.Usage()));
        foreach (var group in parser.Groups)
            words.AddRange(GroupUsage(group));
        words.AddRange(parser.Arguments.Where(argument => argument.Kind == ArgumentKind.Words).Select(argument => argument.Usage()));
        if (parser.Commands.Count > 0)
            words.AddRange([CommandsWord(parser), "..."]);
        return UsageLines($"usage: {parser.Program}", words);
    }

    /// <summary>The whole help of a parser.</summary>
    public static string Help(ArgumentParser parser)
    {
        var page = new StringBuilder(Usage(parser));
        if (parser.Description.Length > 0)
            page.Append('\n').Append(JustifiedText.Wrap(parser.Description)).Append('\n');
        var words = parser.Arguments.Where(argument => argument.Kind == ArgumentKind.Words).ToList();
        var listsCommands = parser.Commands.Count > 0 && parser.CommandsTitle is null;
        if (words.Count > 0 || listsCommands)
        {
            page.Append("\npositional arguments:\n");
            foreach (var argument in words)
                Row(page, "  " + argument.Title(), argument.Help);
            if (listsCommands)
                Commands(page, parser);
        }

        page.Append("\noptional arguments:\n");
        Row(page, "  -h, --help", "show this help message and exit");
        foreach (var argument in parser.Arguments)
            if (argument.Kind != ArgumentKind.Words && !parser.Sections.Exists(section => section.Arguments.Contains(argument)))
                Row(page, "  " + argument.Title(), HelpOf(parser, argument));
        if (parser.Commands.Count > 0 && parser.CommandsTitle is { } title)
        {
            page.Append('\n').Append(title).Append(":\n");
            Commands(page, parser);
        }

        foreach (var section in parser.Sections)
        {
            page.Append('\n').Append(section.Title).Append(":\n  ").Append(JustifiedText.Wrap(section.Description, 2, "  ")).Append("\n\n");
            foreach (var argument in section.Arguments)
                Row(page, "  " + argument.Title(), HelpOf(parser, argument));
        }

        return page.ToString();
    }

    private static string HelpOf(ArgumentParser parser, Argument argument) =>
        argument.Default is { } value && parser.ShowsDefaults ? $"{argument.Help} (default: {value})" : argument.Help;

    private static void Commands(StringBuilder page, ArgumentParser parser)
    {
        page.Append("  ").Append(CommandsWord(parser)).Append('\n');
        foreach (var command in parser.Commands)
            Row(page, "    " + command.Name, command.Summary);
    }

    private static string CommandsWord(ArgumentParser parser) =>
        parser.CommandsMetavar ?? $"{{{string.Join(',', parser.Commands.Select(command => command.Name))}}}";

    private static IEnumerable<string> GroupUsage(ArgumentGroup group)
    {
        var (open, close) = group.IsRequired ? ("(", ")") : ("[", "]");
        var last = group.Arguments.Count - 1;
        return group.Arguments.Select((argument, at) => (at == 0 ? open : "") + argument.BareUsage() + (at == last ? close : " |"));
    }

    private static string UsageLines(string start, List<string> words)
    {
        var page = new StringBuilder(start);
        var indent = start.Length;
        var width = start.Length;
        if (start.Length > LongestProgram)
        {
            indent = "usage:".Length;
            // argparse4j counts one column more on this line than on those after it.
            width = indent + 1;
            page.Append('\n').Append(' ', indent);
        }

        for (var at = 0; at < words.Count; at++)
        {
            if (at > 0 && width + words[at].Length + 1 > JustifiedText.PageWidth)
            {
                page.Append('\n').Append(' ', indent);
                width = indent;
            }

            page.Append(' ').Append(words[at]);
            width += 1 + words[at].Length;
        }

        return page.Append('\n').ToString();
    }

    private static void Row(StringBuilder page, string title, string help)
    {
        page.Append(title);
        if (help.Length > 0)
        {
            var column = title.Length;
            if (title.Length > LongestTitle + 2)
            {
                page.Append('\n');
                column = 0;
            }

            page.Append(' ', HelpColumn - column).Append(JustifiedText.Wrap(help, HelpColumn, new string(' ', HelpColumn)));
        }

        page.Append('\n');
    }
}
