using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Cli.Verbs.Acls;

/// <summary>kafka-acls: adds, removes and lists access control entries.</summary>
internal sealed class AclsVerb : Verb
{
    private readonly AclsOptions _all = new();

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (_all.Parser.ParseOrPrint(context, arguments, [_all.List]) is not { } options)
            return 0;
        _all.Check(options);
        var entries = options.Has(_all.List) ? [] : _all.Entries(options);
        await using var admin = Clients.Admin(options.ValueOf(_all.BootstrapServer), options.ValueOf(_all.CommandConfig), options.ValueOf(_all.BootstrapController));
        try
        {
            if (options.Has(_all.Add))
                await AddAsync(context, admin, entries);
            else if (options.Has(_all.Remove))
                await RemoveAsync(context, admin, entries, options.Has(_all.Force));
            else
                await ListAsync(context, admin, options);
            return 0;
        }
        catch (KafkaException error)
        {
            throw new VerbException($"Error while executing ACL command: {error.Message}");
        }
    }

    private static async Task AddAsync(VerbContext context, AdminClient admin, Dictionary<ResourceFilter, List<AclEntry>> wanted)
    {
        foreach (var (resource, entries) in wanted)
        {
            var text = resource.ToText("ResourcePattern");
            var existing = (await admin.DescribeAclsAsync(resource.WithAll(), cancellationToken: context.Stop)).ToHashSet();
            List<AclEntry> added = [];
            foreach (var entry in entries)
            {
                if (existing.Contains(entry.On(resource)))
                    context.Out.WriteLine($"Acl (pattern={text}, entry={entry}) already exists.");
                else
                    added.Add(entry);
            }
            if (added.Count == 0)
                continue;
            context.Out.WriteLine($"Adding ACLs for resource `{text}`: \n {Lines(added)}\n");
            foreach (var outcome in (await admin.CreateAclsAsync([.. added.Select(entry => entry.On(resource))], cancellationToken: context.Stop)).Values)
                _ = outcome.Value;
        }
    }

    private static async Task RemoveAsync(VerbContext context, AdminClient admin, Dictionary<ResourceFilter, List<AclEntry>> wanted, bool isForced)
    {
        foreach (var (resource, entries) in wanted)
        {
            var text = resource.ToText("ResourcePattern");
            var question = entries.Count == 0
                ? $"Are you sure you want to delete all ACLs for resource filter `{text}`? (y/n)"
                : $"Are you sure you want to remove ACLs: \n {Lines(entries)}\n from resource filter `{text}`? (y/n)";
            if (!isForced && !await ConfirmAsync(context, question))
                continue;
            AclBindingFilter[] filters = entries.Count == 0 ? [resource.WithAll()] : [.. entries.Select(entry => entry.FilterOn(resource))];
            foreach (var outcome in (await admin.DeleteAclsAsync(filters, cancellationToken: context.Stop)).Values)
                _ = outcome.Value;
        }
    }

    private async Task ListAsync(VerbContext context, AdminClient admin, OptionSet options)
    {
        var filters = _all.Resources(options, isRequired: false).ConvertAll(resource => resource.WithAll());
        if (filters.Count == 0)
            filters.Add(AclBindingFilter.Any);
        var found = new HashSet<AclBinding>();
        foreach (var filter in filters)
            found.UnionWith(await admin.DescribeAclsAsync(filter, cancellationToken: context.Stop));
        var principals = _all.PrincipalsOf(options);
        if (principals.Count == 0)
            Print(context, found);
        foreach (var principal in principals)
        {
            if (context.Listing is null)
                context.Out.WriteLine($"ACLs for principal `{principal}`");
            Print(context, found.Where(binding => binding.Principal == principal));
        }
    }

    private static void Print(VerbContext context, IEnumerable<AclBinding> bindings)
    {
        if (context.Listing is { } listing)
        {
            foreach (var binding in bindings)
            {
                listing.Add(
                    ["resourceType", "name", "patternType", "principal", "host", "operation", "permissionType"],
                    [
                        $"{binding.ResourceType}", binding.ResourceName, $"{binding.PatternType}", $"{binding.Principal}", binding.Host,
                        $"{binding.Operation}", $"{binding.PermissionType}",
                    ]);
            }
            return;
        }

        foreach (var resource in bindings.GroupBy(binding => new ResourceFilter(binding.ResourceType, binding.ResourceName, binding.PatternType)))
        {
            var entries = resource.Select(binding => new AclEntry(binding.Principal, binding.Host, binding.Operation, binding.PermissionType));
            context.Out.WriteLine($"Current ACLs for resource `{resource.Key.ToText("ResourcePattern")}`:\n{Lines(entries)}\n");
        }
    }

    private static string Lines(IEnumerable<AclEntry> entries) => string.Join('\n', entries.Select(entry => "\t" + entry));

    private static async Task<bool> ConfirmAsync(VerbContext context, string question)
    {
        context.Out.WriteLine(question);
        await context.Out.FlushAsync();
        using var answers = new StreamReader(context.Input, leaveOpen: true);
        return string.Equals((await answers.ReadLineAsync(context.Stop))?.Trim(), "y", StringComparison.OrdinalIgnoreCase);
    }
}
