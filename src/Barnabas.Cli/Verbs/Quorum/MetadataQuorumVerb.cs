using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;
using Barnabas.Client.Admin;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Quorum;

/// <summary>kafka-metadata-quorum: shows the metadata quorum; adds and removes controllers.</summary>
internal sealed class MetadataQuorumVerb : Verb
{
    private readonly ArgumentParser _parser = new("kafka-metadata-quorum", "This tool describes kraft metadata quorum status.") { HelpStatus = 0 };
    private readonly Argument _bootstrapServer;
    private readonly Argument _bootstrapController;
    private readonly Argument _commandConfig;
    private readonly ArgumentParser _describe;
    private readonly Argument _status;
    private readonly Argument _replication;
    private readonly Argument _humanReadable;
    private readonly ArgumentParser _add;
    private readonly Argument _addDryRun;
    private readonly ArgumentParser _remove;
    private readonly Argument _removeId;
    private readonly Argument _removeDirectory;
    private readonly Argument _removeDryRun;

    public MetadataQuorumVerb()
    {
        _bootstrapServer = _parser.Value("--bootstrap-server", "A comma-separated list of host:port pairs to use for establishing the connection to the Kafka cluster.");
        _bootstrapController = _parser.Value("--bootstrap-controller", "A comma-separated list of host:port pairs to use for establishing the connection to the Kafka controllers.");
        _parser.OneOf(required: true, _bootstrapServer, _bootstrapController);
        _commandConfig = _parser.Value("--command-config", "Property file of the Admin Client; for add-controller it holds the controller's properties too.");
        _describe = _parser.Command("describe", "Describe the metadata quorum info").WithJson();
        _status = _describe.Flag("--status", "A short summary of the quorum status.");
        _replication = _describe.Flag("--replication", "Detailed information about the status of replication");
        _humanReadable = _describe.Flag("--human-readable", "Human-readable output");
        _add = _parser.Command("add-controller", "Add a controller to the KRaft controller cluster");
        _addDryRun = _add.Flag("--dry-run", "True if we should print what would be done, but not do it.");
        _remove = _parser.Command("remove-controller", "Remove a controller from the KRaft controller cluster");
        _removeId = _remove.Value("--controller-id/-i", "The id of the controller to remove.", required: true, type: ArgumentType.Integer);
        _removeDirectory = _remove.Value("--controller-directory-id/-d", "The directory ID of the controller to remove.", required: true);
        _removeDryRun = _remove.Flag("--dry-run", "True if we should print what would be done, but not do it.");
    }

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var call = _parser.Parse(arguments);
        context.Listing = call.AsksForJson ? new JsonListing() : null;
        if (call.Command == _describe)
            CheckDescribe(call);
        await using var admin = Clients.Admin(call.ValueOf(_bootstrapServer), call.ValueOf(_commandConfig), call.ValueOf(_bootstrapController));
        if (call.Command == _add)
            await AddAsync(context, admin, call);
        else if (call.Command == _remove)
            await RemoveAsync(context, admin, call);
        else if (call.Has(_status))
            await QuorumDescriber.PrintStatusAsync(context, admin);
        else
            await QuorumDescriber.PrintReplicationAsync(context, admin, call.Has(_humanReadable));
        return 0;
    }

    private void CheckDescribe(ArgumentSet call)
    {
        if (call.Has(_status) && call.Has(_replication))
            throw new VerbException("Only one of --status or --replication should be specified with describe sub-command");
        if (call.Has(_humanReadable) && !call.Has(_replication))
            throw new VerbException("The option --human-readable is only supported along with --replication");
        if (!call.Has(_status) && !call.Has(_replication))
            throw new VerbException("One of --status or --replication must be specified with describe sub-command");
    }

    private async Task AddAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        var path = call.ValueOf(_commandConfig) ?? throw new VerbException("You must supply the configuration file of the controller you are adding when using add-controller.");
        var config = BrokerConfig.Create(Clients.LoadProperties(path));
        var directory = config.GetString("metadata.log.dir") is { Length: > 0 } own ? own : config.LogDirs[0];
        var properties = Path.Combine(directory, "meta.properties");
        if (!File.Exists(properties) || !PropertiesFile.Load(properties).TryGetValue("directory.id", out var idText) || !Uuid.TryParse(idText, out var directoryId))
            throw new VerbException($"No directory id found in {directory}");
        var endpoints = config.AdvertisedControllerListeners
            .Select(listener => new QuorumEndpoint(listener.ListenerName, listener.Host, listener.Port)).ToList();
        if (!call.Has(_addDryRun))
            await admin.AddRaftVoterAsync(config.NodeId, directoryId, endpoints, cancellationToken: context.Stop);
        context.Out.WriteLine($"{(call.Has(_addDryRun) ? "DRY RUN of adding" : "Added")} controller {config.NodeId} with directory id {directoryId} and endpoints: "
            + string.Join(", ", endpoints.Select(endpoint => $"{endpoint.Listener}://{endpoint.Host}:{endpoint.Port}")));
    }

    private async Task RemoveAsync(VerbContext context, AdminClient admin, ArgumentSet call)
    {
        var id = call.IntOf(_removeId);
        if (id < 0)
            throw new VerbException($"Invalid negative --controller-id: {id}");
        var text = call.Required(_removeDirectory);
        if (!Uuid.TryParse(text, out var directoryId))
            throw new VerbException($"Failed to parse --controller-directory-id: Input string `{text}` is not a base64-encoded UUID of 16 bytes");
        if (!call.Has(_removeDryRun))
            await admin.RemoveRaftVoterAsync(id, directoryId, cancellationToken: context.Stop);
        context.Out.WriteLine($"{(call.Has(_removeDryRun) ? "DRY RUN of removing " : "Removed ")} KRaft controller {id} with directory id {directoryId}");
    }
}
