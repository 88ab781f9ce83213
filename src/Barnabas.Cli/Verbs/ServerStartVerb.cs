using Barnabas.Cli.Framework;
using Barnabas.Cli.Server;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;

namespace Barnabas.Cli.Verbs;

/// <summary>kafka-server-start: runs a node by its configuration file. (<c>-daemon</c> is the launcher's.)</summary>
internal sealed class ServerStartVerb : Verb
{
    private const string Usage = "USAGE: kafka-server-start.sh [-daemon] server.properties [--override property=value]*\n";

    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var words = arguments.Where(argument => argument is not ("-loggc" or "-daemon")).ToList();
        if (words is ["-name", _, ..])
            words.RemoveRange(0, 2);
        if (words.Count == 0 || words.Contains("--help"))
            throw new UsageException(Usage, 1, toStandardError: true);
        if (words[0] == "--version")
        {
            context.Out.WriteLine(Versions.Text);
            return Task.FromResult(0);
        }

        var file = words[0];
        if (Directory.Exists(file))
            throw new VerbException($"{file} (Is a directory)");
        if (!File.Exists(file))
            throw new VerbException($"{file} (No such file or directory)");
        var properties = PropertiesFile.Load(file);
        Overrides.Apply(properties, words.Skip(1).ToList());
        LoginFile.ApplyToNode(properties);
        return NodeRunner.RunAsync(context, BrokerConfig.Create(properties));
    }
}
