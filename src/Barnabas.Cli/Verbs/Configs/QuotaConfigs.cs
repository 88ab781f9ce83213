using System.Globalization;
using System.Text.Json;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Configuration.Validation;

namespace Barnabas.Cli.Verbs.Configs;

/// <summary>Quotas of users, client ids and addresses, as kafka-configs shows and sets them.</summary>
internal sealed class QuotaConfigs(AdminClient admin, ConfigsEntity entity)
{
    private static readonly string[] ClientKeys = ["producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate"];
    private static readonly string[] IpKeys = ["connection_creation_rate"];

    public async Task DescribeAsync(VerbContext context)
    {
        foreach (var quota in await FindAsync(context))
        {
            if (context.Listing is { } listing)
            {
                listing.Add(json => Write(json, quota));
                continue;
            }

            List<string> names = [];
            Add("user", "user-principal");
            Add("client-id", "client-id");
            Add("ip", "ip");
            context.Out.WriteLine($"Quota configs for {string.Join(", ", names)} are {string.Join(", ", quota.Values.Select(v => $"{v.Key}={JavaDouble.ToText(v.Value)}"))}");

            void Add(string type, string spoken)
            {
                if (quota.Entity.TryGetValue(type, out var name))
                    names.Add(name is null ? $"the default {spoken}" : $"{spoken} '{name}'");
            }
        }
    }

    private static void Write(Utf8JsonWriter json, ClientQuota quota)
    {
        json.WriteStartObject("entity");
        foreach (var (type, name) in quota.Entity)
            json.WriteString(type, name);
        json.WriteEndObject();
        json.WriteStartObject("quotas");
        foreach (var (key, value) in quota.Values)
            json.WriteNumber(key, value);
        json.WriteEndObject();
    }

    public async Task AlterAsync(VerbContext context, Dictionary<string, string> added, List<string> deleted)
    {
        CheckKeys(added.Keys, "added");
        CheckKeys(deleted, "deleted");
        var known = (await FindAsync(context)).SelectMany(quota => quota.Values.Keys).ToHashSet(StringComparer.Ordinal);
        List<string> missing = [.. deleted.Where(key => !known.Contains(key))];
        if (missing.Count > 0)
            throw new VerbException($"Invalid config(s): {string.Join(',', missing)}");
        var changes = new Dictionary<string, double?>(StringComparer.Ordinal);
        foreach (var (key, text) in added)
            changes[key] = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new VerbException($"Cannot parse quota configuration value for {key}: {text}");
        foreach (var key in deleted)
            changes[key] = null;
        var names = entity.Types.Zip(entity.Names).ToDictionary(e => WireType(e.First), e => e.Second.Length > 0 ? e.Second : null, StringComparer.Ordinal);
        await admin.AlterClientQuotasAsync(names, changes, cancellationToken: context.Stop);
        context.Out.WriteLine(entity.Names[0].Length > 0
            ? $"Completed updating config for {entity.Types[0][..^1]} {entity.Names[0]}."
            : $"Completed updating default config for {entity.Types[0]} in the cluster.");
    }

    private Task<IReadOnlyList<ClientQuota>> FindAsync(VerbContext context)
    {
        if (entity.Names.Count > entity.Types.Count)
            throw new VerbException("More entity names specified than entity types");
        List<ClientQuotaMatch> filter = [];
        for (var i = 0; i < entity.Types.Count; i++)
        {
            var type = WireType(entity.Types[i]);
            filter.Add(i >= entity.Names.Count ? new ClientQuotaMatch(type, ClientQuotaMatchKind.Any)
                : entity.Names[i].Length == 0 ? new ClientQuotaMatch(type, ClientQuotaMatchKind.Default)
                : new ClientQuotaMatch(type, ClientQuotaMatchKind.Exact, entity.Names[i]));
        }
        return admin.DescribeClientQuotasAsync(filter, strict: true, cancellationToken: context.Stop);
    }

    private void CheckKeys(IEnumerable<string> keys, string done)
    {
        var isIp = entity.Types.Contains("ips");
        List<string> unknown = [.. keys.Where(key => !(isIp ? IpKeys : ClientKeys).Contains(key))];
        if (unknown.Count == 0)
            return;
        throw new VerbException(isIp
            ? $"Only connection quota configs can be added for 'ips' using --bootstrap-server. Unexpected config names: {string.Join(',', unknown)}"
            : $"Only quota configs can be {done} for '{(entity.Types.Contains("clients") ? "clients" : "users")}' using --bootstrap-server. Unexpected config names: {string.Join(", ", unknown)}");
    }

    private static string WireType(string type) => type switch
    {
        "users" => "user",
        "clients" => "client-id",
        _ => "ip",
    };
}
