using Barnabas.Configuration;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Transforms;
using Barnabas.Connect.Worker;

namespace Barnabas.Connect.Tasks;

/// <summary>The converters and transforms between a task and Kafka. For one task, on its thread.</summary>
public sealed record TaskPipeline
{
    /// <summary>For keys.</summary>
    public required IConverter KeyConverter { get; init; }

    /// <summary>For values.</summary>
    public required IConverter ValueConverter { get; init; }

    /// <summary>For headers.</summary>
    public required IHeaderConverter HeaderConverter { get; init; }

    /// <summary>The transforms.</summary>
    public required TransformationChain Transforms { get; init; }

    /// <summary>Made of a connector's configuration, and the worker's for what that does not name.</summary>
    /// <exception cref="ConfigException">A name or value is not valid.</exception>
    public static TaskPipeline Create(IReadOnlyDictionary<string, string> connector, WorkerConfig worker, PluginCatalog plugins)
    {
        var headers = Choose(connector, worker, "header.converter");
        var headerConverter = plugins.CreateHeaderConverter("header.converter", headers.Name);
        headerConverter.Configure(headers.Settings);
        return new TaskPipeline
        {
            KeyConverter = Converter(connector, worker, plugins, "key.converter", isKey: true),
            ValueConverter = Converter(connector, worker, plugins, "value.converter", isKey: false),
            HeaderConverter = headerConverter,
            Transforms = TransformationChain.Create(connector, plugins),
        };
    }

    private static IConverter Converter(IReadOnlyDictionary<string, string> connector, WorkerConfig worker, PluginCatalog plugins, string key, bool isKey)
    {
        var (name, settings) = Choose(connector, worker, key);
        var converter = plugins.CreateConverter(key, name);
        converter.Configure(settings, isKey);
        return converter;
    }

    // A converter that the connector names is set by the connector's keys alone.
    private static (string Name, Dictionary<string, string> Settings) Choose(IReadOnlyDictionary<string, string> connector, WorkerConfig worker, string key)
    {
        if (connector.TryGetValue(key, out var own)) return (own, TransformationChain.Below(connector, key + "."));
        return (worker.Values.GetString(key), TransformationChain.Below(worker.Values.Originals, key + "."));
    }
}
