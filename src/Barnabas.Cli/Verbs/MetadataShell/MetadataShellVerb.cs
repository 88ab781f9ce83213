using System.Text;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;

namespace Barnabas.Cli.Verbs.MetadataShell;

/// <summary>kafka-metadata-shell: the cluster's metadata as folders and files, for one command or for many.</summary>
internal sealed class MetadataShellVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-metadata-shell", "Looks into the metadata of a cluster.");
    private readonly Argument _snapshot;
    private readonly Argument _directory;
    private readonly Argument _command;

    public MetadataShellVerb()
    {
        _snapshot = _parser.Value("--snapshot/-s", "The snapshot or segment of the metadata log to read.");
        _directory = _parser.Value("--directory/-d", "The log directory to read: its newest snapshot and what follows it.");
        _command = _parser.Words("command", "The command to run; a shell begins where there is none.");
        _parser.OneOf(required: true, _snapshot, _directory);
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var given = _parser.Parse(arguments);
        var words = given.ValuesOf(_command);
        if (words.Count == 0)
            context.Out.WriteLine("Loading...");
        var image = given.ValueOf(_snapshot) is { } file ? MetadataFiles.ReadFile(file) : MetadataFiles.ReadDirectory(given.Required(_directory));
        var root = MetadataTree.Root(image);
        if (words.Count > 0)
            new ShellSession(root, context.Out, isShell: false, width: null).Run(words);
        else
            await InteractAsync(context, root);
        return 0;
    }

    private static async Task InteractAsync(VerbContext context, ShellNode root)
    {
        context.Out.WriteLine("Starting...");
        context.Out.WriteLine("[ Kafka Metadata Shell ]");
        var session = new ShellSession(root, context.Out, isShell: true, context.IsTerminal ? Console.WindowWidth : null);
        using var input = new StreamReader(context.Input, new UTF8Encoding(false), leaveOpen: true);
        while (!session.IsOver)
        {
            context.Out.Write(">> ");
            await context.Out.FlushAsync();
            // A read of a terminal cannot be called back: give up waiting for it.
            if (await input.ReadLineAsync(context.Stop).AsTask().WaitAsync(context.Stop) is not { } line)
                break;
            if (line.Trim().Length > 0)
                session.Remember(line.Trim());
            session.Run(ShellWords.Split(line));
        }
    }
}
