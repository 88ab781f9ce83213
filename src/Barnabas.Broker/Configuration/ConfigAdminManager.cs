using System.Globalization;
using Barnabas.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Configuration;

/// <summary>
/// Judges changes of this broker's configuration before they go to the controller: only the broker knows what it was
/// started with and what it runs on.
/// </summary>
internal sealed class ConfigAdminManager(BrokerIdentity identity, DynamicBrokerConfig config)
{
    /// <summary>Checks changes key by key; resources other than brokers are the controller's alone.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST: another broker is meant, or the whole would not be valid.</exception>
    public void Check(IncrementalAlterConfigsRequest.AlterConfigsResource resource)
    {
        if (resource.ResourceType != (sbyte)ConfigResourceType.Broker)
            return;
        var wanted = new Dictionary<string, string>(Existing(resource.ResourceName), StringComparer.Ordinal);
        foreach (var operation in resource.Configs)
        {
            if (operation.ConfigOperation == (sbyte)AlterOperation.Delete)
                wanted.Remove(operation.Name);
            else if (operation.Value is null)
                return; // The controller refuses it, naming all such keys.
            else if (operation.ConfigOperation == (sbyte)AlterOperation.Set)
                wanted[operation.Name] = operation.Value;
            else if (DynamicConfigRules.Find(operation.Name) is { Type: ConfigType.List } key)
                wanted[operation.Name] = Merge(wanted.GetValueOrDefault(operation.Name) ?? key.Default ?? "", operation.Value, (AlterOperation)operation.ConfigOperation);
            else
                return; // So it does with lists that are none.
        }
        Check(resource.ResourceName, wanted);
    }

    /// <summary>Checks a whole configuration that replaces what is set.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST: another broker is meant, or the whole is not valid.</exception>
    public void Check(AlterConfigsRequest.AlterConfigsResource resource)
    {
        if (resource.ResourceType != (sbyte)ConfigResourceType.Broker || resource.Configs.Exists(entry => entry.Value is null))
            return;
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in resource.Configs)
            wanted[entry.Name] = entry.Value!;
        Check(resource.ResourceName, wanted);
    }

    private void Check(string name, Dictionary<string, string> wanted)
    {
        EnsureThisNode(name);
        try
        {
            config.Validate(wanted, forThisBroker: name.Length > 0);
        }
        catch (ConfigException e)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, e.Message, e);
        }
    }

    private void EnsureThisNode(string name)
    {
        if (name.Length == 0)
            return;
        if (!int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            throw new KafkaException(ErrorCode.InvalidRequest, $"Node id must be an integer, but it is: {name}");
        if (id != identity.NodeId)
            throw new KafkaException(ErrorCode.InvalidRequest, $"Unexpected broker id, expected {identity.NodeId}, but received {name}");
    }

    private IReadOnlyDictionary<string, string> Existing(string name) =>
        name.Length > 0 ? config.Current.DynamicBrokerProperties : config.Current.DynamicDefaultProperties;

    private static string Merge(string current, string operand, AlterOperation operation)
    {
        List<string> parts = [.. current.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        foreach (var value in operand.Split(',', StringSplitOptions.TrimEntries))
        {
            if (operation == AlterOperation.Subtract)
                parts.Remove(value);
            else if (!parts.Contains(value))
                parts.Add(value);
        }
        return string.Join(',', parts);
    }

    private enum AlterOperation : sbyte
    {
        Set = 0,
        Delete = 1,
        Append = 2,
        Subtract = 3,
    }
}
