using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Completion;

/// <summary>
/// Shell completion: <c>barnabas completion bash|zsh|fish</c> prints a script to load; the script calls <c>barnabas completion words ...</c>,
/// which gives what may stand next: verbs first, then the options of the verb.
/// </summary>
internal sealed partial class CompletionVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        switch (arguments.Count > 0 ? arguments[0] : "")
        {
            case "bash":
                context.Out.Write("_barnabas() {\n  local words\n  words=$(barnabas completion words \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o default -F _barnabas barnabas\n");
                return 0;
            case "zsh":
                context.Out.Write("#compdef barnabas\n_barnabas() {\n  local -a words_\n  words_=(${(f)\"$(barnabas completion words ${words[2,CURRENT]} 2>/dev/null)\"})\n  compadd -a words_ || _files\n}\ncompdef _barnabas barnabas\n");
                return 0;
            case "fish":
                context.Out.Write("complete -c barnabas -f -a '(barnabas completion words (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'\n");
                return 0;
            case "words":
                foreach (var word in await WordsAsync(context, [.. arguments.Skip(1)]))
                    context.Out.WriteLine(word);
                return 0;
            default:
                throw new VerbException("usage: barnabas completion bash|zsh|fish    (load it with: source <(barnabas completion bash))");
        }
    }

    private static async Task<IEnumerable<string>> WordsAsync(VerbContext context, IReadOnlyList<string> words)
    {
        if (words.Count <= 1)
            return VerbCatalog.Entries.Select(entry => entry.Name).Where(name => name.StartsWith(words.Count == 0 ? "" : words[0], StringComparison.Ordinal));
        if (!VerbCatalog.TryFind(words[0], out var verb))
            return [];
        if (words.Count == 2 && verb.Commands is { } named)
            return named.Where(name => name.StartsWith(words[1], StringComparison.Ordinal));
        // The commands and options are what the verb's own help names; a command has a help of its own.
        var command = words.Skip(1).SkipLast(1).FirstOrDefault(word => !word.StartsWith('-'));
        var help = command is null ? "" : await HelpAsync(context, [verb.Name, command, "--help"]);
        if (!OptionWords().IsMatch(help))
            help = await HelpAsync(context, [verb.Name, "--help"]);
        var commands = command is null && CommandWords().Match(help) is { Success: true } found ? found.Groups[1].Value.Split(',') : [];
        return OptionWords().Matches(help).Select(m => m.Value).Concat(commands)
            .Distinct(StringComparer.Ordinal).Where(option => option.StartsWith(words[^1], StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    private static async Task<string> HelpAsync(VerbContext context, string[] call)
    {
        using var help = new StringWriter();
        var quiet = new VerbContext
        {
            Input = Stream.Null,
            Out = help,
            OutputStream = Stream.Null,
            Error = help,
            Home = context.Home,
            LogDirectory = context.LogDirectory,
            IsTerminal = false,
            Stop = context.Stop,
        };
        await VerbRunner.RunAsync(quiet, call);
        return help.ToString();
    }

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z0-9.-]*")]
    private static partial Regex OptionWords();

    [GeneratedRegex(@"\{([a-z-]+(?:,[a-z-]+)*)\}")]
    private static partial Regex CommandWords();
}
