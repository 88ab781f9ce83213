using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Storage;

/// <summary>kafka-storage: formats log directories, looks into them and tells of versions.</summary>
internal sealed class StorageVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-storage", "The Kafka storage tool.") { HelpStatus = 0 };
    private readonly ArgumentParser _info;
    private readonly Argument _infoConfig;
    private readonly StorageFormat _format;
    private readonly ArgumentParser _versions;
    private readonly Argument _versionsRelease;
    private readonly ArgumentParser _dependencies;
    private readonly Argument _dependenciesFeature;

    public StorageVerb()
    {
        _info = _parser.Command("info", "Tell what the log directories of this node are formatted for.");
        _infoConfig = _info.Value("--config/-c", "The node's configuration file.", required: true);
        _format = new StorageFormat(_parser);
        _versions = _parser.Command("version-mapping", "Tell the feature levels of a release; of the latest stable one where none is named.");
        _versionsRelease = _versions.Value("--release-version/-r", "The release.");
        _dependencies = _parser.Command("feature-dependencies", "Tell what feature levels need.");
        _dependenciesFeature = _dependencies.Repeated("--feature/-f", "A feature and its level, as feature=level.", required: true);
        _parser.Command("random-uuid", "Print a random UUID.");
    }

    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = _parser.Parse(arguments);
        var status = 0;
        if (call.Command == _info)
            status = StorageInfo.Print(context.Out, ReadConfig(call.Required(_infoConfig)));
        else if (call.Command == _format.Command)
            _format.Run(context, call, ReadConfig(call.Required(_format.Config)));
        else if (call.Command == _versions)
            FeatureTables.PrintVersionMapping(context.Out, call.ValueOf(_versionsRelease));
        else if (call.Command == _dependencies)
            FeatureTables.PrintDependencies(context.Out, call.ValuesOf(_dependenciesFeature));
        else
            context.Out.WriteLine(Uuid.Random(Random.Shared));
        return Task.FromResult(status);
    }

    private static BrokerConfig ReadConfig(string path) =>
        File.Exists(path) ? BrokerConfig.Create(PropertiesFile.Load(path)) : throw new VerbException($"{path} (No such file or directory)");
}
