using System.Globalization;

namespace Barnabas.Cli.Framework.Options;

/// <summary>
/// Parses options as joptsimple does: <c>--name value</c>, <c>--name=value</c>, one dash or two, options and words in any order,
/// <c>--</c> ends the options, repeated options add up. Names are not abbreviated unless the tool's original allows it.
/// </summary>
internal sealed class OptionParser(string summary, bool allowsAbbreviations = false)
{
    private readonly List<OptionSpec> _options = [];

    /// <summary>The options, in the order they were made.</summary>
    public IReadOnlyList<OptionSpec> Options => _options;

    /// <summary>The sentence that help begins with.</summary>
    public string Summary => summary;

    /// <summary>Adds an option without a value.</summary>
    public OptionSpec Flag(string name, string description) => Add(new OptionSpec { Names = [name], Argument = OptionArgument.None, Description = description });

    /// <summary>Adds an option with a value.</summary>
    public OptionSpec Value(string name, string argument, string description, string? defaultValue = null, bool required = false) =>
        Add(new OptionSpec
        {
            Names = [name],
            Argument = OptionArgument.Required,
            ArgumentDescription = argument,
            Description = description,
            Default = defaultValue,
            IsRequired = required,
        });

    /// <summary>Adds an option whose value may be left out.</summary>
    public OptionSpec OptionalValue(string name, string argument, string description, string? defaultValue = null) =>
        Add(new OptionSpec { Names = [name], Argument = OptionArgument.Optional, ArgumentDescription = argument, Description = description, Default = defaultValue });

    /// <summary>Adds an option.</summary>
    public OptionSpec Add(OptionSpec option)
    {
        _options.Add(option);
        return option;
    }

    /// <summary>The text of <c>--help</c>.</summary>
    public string Help() => OptionHelp.Format(summary, _options);

    /// <summary>Parses arguments.</summary>
    /// <exception cref="OptionException">An option is unknown or lacks its value.</exception>
    public OptionSet Parse(IReadOnlyList<string> arguments)
    {
        var result = new OptionSet();
        var at = 0;
        while (at < arguments.Count)
        {
            var argument = arguments[at++];
            if (argument == "--")
            {
                result.Words.AddRange(arguments.Skip(at));
                break;
            }

            if (argument.Length < 2 || argument[0] != '-')
            {
                result.Words.Add(argument);
                continue;
            }

            var text = argument.StartsWith("--", StringComparison.Ordinal) ? argument[2..] : argument[1..];
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? text : text[..equals];
            var option = Find(name);
            at = Take(result, option, equals < 0 ? null : text[(equals + 1)..], arguments, at);
        }

        var missing = _options.Where(option => option.IsRequired && !result.Has(option)).ToList();
        if (missing.Count > 0 && !_options.Exists(option => option.IsForHelp && result.Has(option)))
            throw new OptionException($"Missing required option(s) [{string.Join(", ", missing.Select(OptionException.NameOf))}]");
        return result;
    }

    private static int Take(OptionSet result, OptionSpec option, string? inline, IReadOnlyList<string> arguments, int at)
    {
        switch (option.Argument)
        {
            case OptionArgument.None:
                if (inline is not null)
                    throw new OptionException($"Option {OptionException.NameOf(option)} takes no argument");
                result.Add(option, null);
                return at;
            case OptionArgument.Required:
                if (inline is null && at == arguments.Count)
                    throw new OptionException($"Option {OptionException.NameOf(option)} requires an argument");
                result.Add(option, inline ?? arguments[at++]);
                return at;
            default:
                if (inline is null && at < arguments.Count && (arguments[at].Length == 1 || !arguments[at].StartsWith('-') || IsNumberFor(option, arguments[at])))
                    inline = arguments[at++];
                result.Add(option, inline);
                return at;
        }
    }

    // A negative number looks like an option, but not to one that takes numbers.
    private static bool IsNumberFor(OptionSpec option, string text) =>
        (option.ArgumentDescription.StartsWith("Integer", StringComparison.Ordinal) || option.ArgumentDescription.StartsWith("Long", StringComparison.Ordinal))
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private OptionSpec Find(string name)
    {
        if (_options.Find(option => option.Names.Contains(name)) is { } exact)
            return exact;
        if (allowsAbbreviations && name.Length > 0)
        {
            var candidates = _options.Where(option => option.Names.Any(full => full.StartsWith(name, StringComparison.Ordinal))).ToList();
            if (candidates.Count == 1)
                return candidates[0];
        }

        throw new OptionException($"{name} is not a recognized option");
    }
}
