using Barnabas.Configuration.Logging;
using System.Globalization;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Configuration;

/// <summary>Shows and changes this node's log levels for the resource BROKER_LOGGER (KIP-412). Levels are not persisted, as in Kafka.</summary>
internal sealed class RuntimeLoggerManager(int nodeId, ILoggerLevels levels, ILogger logger)
{
    private const sbyte Set = 0;
    private const sbyte Delete = 1;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;
    private static readonly string[] ValidLevels = ["DEBUG", "ERROR", "FATAL", "INFO", "TRACE", "WARN"];

    /// <summary>Every logger with its level, by name.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST: another node is meant, or none.</exception>
    public IReadOnlyDictionary<string, string> Describe(string nodeName)
    {
        if (nodeName.Length == 0)
            throw Refused("Broker id must not be empty");
        if (!int.TryParse(nodeName, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            throw Refused($"Broker id must be an integer, but it is: {nodeName}");
        return id == nodeId ? levels.Levels : throw Refused($"Unexpected broker id, expected {nodeId} but received {nodeName}");
    }

    /// <summary>Changes levels, all or none.</summary>
    /// <exception cref="KafkaException">INVALID_REQUEST or INVALID_CONFIG, in Kafka's words.</exception>
    public void Apply(IncrementalAlterConfigsRequest.AlterConfigsResource resource, bool validateOnly)
    {
        if (!int.TryParse(resource.ResourceName, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id))
            throw Refused($"Node id must be an integer, but it is: {resource.ResourceName}");
        if (id != nodeId)
            throw Refused($"Unexpected node id. Expected {nodeId}, but received {id}");
        var known = levels.Levels;
        foreach (var change in resource.Configs)
            Validate(change, known);
        if (validateOnly)
            return;
        foreach (var change in resource.Configs)
        {
            if (change.ConfigOperation == Set)
            {
                levels.TrySet(change.Name, change.Value!);
                BrokerLog.LogLevelSet(logger, change.Name, change.Value!);
            }
            else
            {
                levels.TryUnset(change.Name);
                BrokerLog.LogLevelUnset(logger, change.Name);
            }
        }
    }

    private static void Validate(IncrementalAlterConfigsRequest.AlterableConfig change, IReadOnlyDictionary<string, string> known)
    {
        switch (change.ConfigOperation)
        {
            case Set:
                EnsureKnown(change.Name, known);
                if (!ValidLevels.Contains(change.Value))
                    throw Invalid($"Cannot set the log level of {change.Name} to {change.Value} as it is not a supported log level. Valid log levels are {string.Join(", ", ValidLevels)}");
                break;
            case Delete:
                EnsureKnown(change.Name, known);
                if (change.Name == ILoggerLevels.Root)
                    throw Refused($"Removing the log level of the {ILoggerLevels.Root} logger is not allowed");
                break;
            case Append:
                throw Refused("APPEND operation is not allowed for the BROKER_LOGGER resource");
            case Subtract:
                throw Refused("SUBTRACT operation is not allowed for the BROKER_LOGGER resource");
            default:
                throw Refused($"Unknown operation type {change.ConfigOperation} is not allowed for the BROKER_LOGGER resource");
        }
    }

    private static void EnsureKnown(string name, IReadOnlyDictionary<string, string> known)
    {
        if (!known.ContainsKey(name))
            throw Invalid($"Logger {name} does not exist!");
    }

    private static KafkaException Refused(string message) => new(ErrorCode.InvalidRequest, message);

    private static KafkaException Invalid(string message) => new(ErrorCode.InvalidConfig, message);
}
