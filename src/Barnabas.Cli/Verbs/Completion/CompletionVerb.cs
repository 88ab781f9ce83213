using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Completion;

/// <summary>
/// Shell completion: <c>barnabas completion bash|zsh|fish</c> prints a script to load; the script calls <c>barnabas completion words ...</c>,
/// which gives what may stand next: verbs first, then the options of the verb.
/// </summary>
internal sealed class CompletionVerb : Verb
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
        if (words.Count == 2 && verb.Commands is { } commands)
            return commands.Where(command => command.StartsWith(words[1], StringComparison.Ordinal));
        // The options are what the verb's own help names.
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
        await VerbRunner.RunAsync(quiet, verb.Commands is not null ? [verb.Name, words[1], "--help"] : [verb.Name, "--help"]);
        return System.Text.RegularExpressions.Regex.Matches(help.ToString(), @"(?<![\w-])--[a-z][a-z0-9.-]*").Select(m => m.Value)
            .Distinct(StringComparer.Ordinal).Where(option => option.StartsWith(words[^1], StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }
}
