using Barnabas.Connect.Converters;
using Barnabas.Connect.Predicates;
using Barnabas.Connect.Transforms;

namespace Barnabas.Connect.Plugins;

/// <summary>What plug-ins bring, by class name.</summary>
internal sealed class PluginSet
{
    public List<ConnectorPlugin> Connectors { get; } = [];

    public Dictionary<string, Func<IConverter>> Converters { get; } = [];

    public Dictionary<string, Func<IHeaderConverter>> HeaderConverters { get; } = [];

    public Dictionary<string, Func<ITransformation>> Transformations { get; } = [];

    public Dictionary<string, Func<IPredicate>> Predicates { get; } = [];

    public int Count => Connectors.Count + Converters.Count + HeaderConverters.Count + Transformations.Count + Predicates.Count;
}
