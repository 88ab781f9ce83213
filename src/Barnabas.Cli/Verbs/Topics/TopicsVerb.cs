using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Configuration;
using Barnabas.Configuration.Topics;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Topics;

/// <summary>kafka-topics: creates, lists, describes, alters and deletes topics.</summary>
internal sealed class TopicsVerb : Verb
{
    private readonly TopicsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.List, _all.Describe]) is not { } options)
            return 0;
        _all.Check(options, context.Out, context.Error);
        await using var admin = Clients.Admin(options, _all.BootstrapServer, _all.CommandConfig);
        try
        {
            if (options.Has(_all.Create))
                await CreateAsync(context, admin, options);
            else if (options.Has(_all.List))
                await ListAsync(context, admin, options);
            else if (options.Has(_all.Describe))
                await new TopicDescriber(context, admin, _all, options).RunAsync();
            else if (options.Has(_all.Alter))
                await AlterAsync(context, admin, options);
            else
                await DeleteAsync(context, admin, options);
            return 0;
        }
        catch (Exception error) when (error is KafkaException or ConfigException or TimeoutException or VerbException)
        {
            context.Out.WriteLine($"Error while executing topic command : {error.Message}");
            return 1;
        }
    }

    /// <summary>The topics that match <c>--topic</c>, by name.</summary>
    internal static async Task<List<string>> FindAsync(VerbContext context, AdminClient admin, string? pattern, bool excludeInternal)
    {
        var listings = await admin.ListTopicsAsync(includeInternal: !excludeInternal, cancellationToken: context.Stop);
        var filter = pattern is null ? null : new TopicFilter(pattern);
        return listings.Select(listing => listing.Name).Order(StringComparer.Ordinal)
            .Where(name => filter?.Allows(name, excludeInternal) ?? !(excludeInternal && TopicFilter.IsInternal(name))).ToList();
    }

    private async Task CreateAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var name = options.Required(_all.Topic);
        var configs = ReadConfigs(options.ValuesOf(_all.Config));
        var assignments = ReplicaAssignments.Parse(options.ValueOf(_all.ReplicaAssignment));
        if (name.Contains('.', StringComparison.Ordinal) || name.Contains('_', StringComparison.Ordinal))
            context.Out.WriteLine("WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. To avoid issues it is best to use either, but not both.");
        var replicas = options.Has(_all.ReplicationFactor) ? options.IntOf(_all.ReplicationFactor) : -1;
        if (options.Has(_all.ReplicationFactor) && replicas is > short.MaxValue or < 1)
            throw new VerbException($"The replication factor must be between 1 and {short.MaxValue} inclusive");
        var partitions = options.Has(_all.Partitions) ? options.IntOf(_all.Partitions) : -1;
        if (options.Has(_all.Partitions) && partitions < 1)
            throw new VerbException("The partitions must be greater than 0");
        var topic = new NewTopic
        {
            Name = name,
            PartitionCount = partitions,
            ReplicationFactor = (short)replicas,
            Assignments = assignments,
            Configs = configs,
        };
        var outcome = (await admin.CreateTopicsAsync([topic], cancellationToken: context.Stop))[name];
        if (outcome.Error is { ErrorCode: ErrorCode.TopicAlreadyExists } && options.Has(_all.IfNotExists))
            return;
        _ = outcome.Value;
        context.Out.WriteLine($"Created topic {name}.");
    }

    private async Task ListAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var topics = await FindAsync(context, admin, options.ValueOf(_all.Topic), options.Has(_all.ExcludeInternal));
        if (context.Listing is { } listing)
            topics.ForEach(topic => listing.Add(json => json.WriteString("topic", topic)));
        else
            context.Out.WriteLine(string.Join('\n', topics));
    }

    private async Task AlterAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var topics = await FindAsync(context, admin, options.ValueOf(_all.Topic), options.Has(_all.ExcludeInternal));
        RequireFound(topics.Count, options);
        if (topics.Count == 0)
            return;
        var total = options.IntOf(_all.Partitions);
        var assignments = ReplicaAssignments.Parse(options.ValueOf(_all.ReplicaAssignment));
        var changes = new Dictionary<string, NewPartitions>();
        var described = assignments is null ? null : await admin.DescribeTopicsAsync(topics, cancellationToken: context.Stop);
        foreach (var topic in topics)
            changes[topic] = new NewPartitions(total, assignments?.OrderBy(pair => pair.Key)
                .Skip(described![topic].Value.Partitions.Count).Select(pair => pair.Value).ToList());
        foreach (var outcome in (await admin.CreatePartitionsAsync(changes, cancellationToken: context.Stop)).Values)
            _ = outcome.Value;
    }

    private async Task DeleteAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var topics = await FindAsync(context, admin, options.ValueOf(_all.Topic), options.Has(_all.ExcludeInternal));
        RequireFound(topics.Count, options);
        if (topics.Count == 0)
            return;
        foreach (var outcome in (await admin.DeleteTopicsAsync(topics, cancellationToken: context.Stop)).Values)
            _ = outcome.Value;
    }

    private void RequireFound(int count, OptionSet options)
    {
        if (count == 0 && options.ValueOf(_all.Topic) is { Length: > 0 } topic && !options.Has(_all.IfExists))
            throw new VerbException($"Topic '{topic}' does not exist as expected");
    }

    private static Dictionary<string, string?> ReadConfigs(IReadOnlyList<string> words)
    {
        var configs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 || equals == word.Length - 1)
                throw new VerbException("requirement failed: Invalid topic config: all configs to be added must be in the format \"key=val\".");
            configs[word[..equals].Trim()] = word[(equals + 1)..].Trim();
        }

        TopicConfig.Validate(configs);
        return configs.ToDictionary(pair => pair.Key, string? (pair) => pair.Value, StringComparer.Ordinal);
    }
}
