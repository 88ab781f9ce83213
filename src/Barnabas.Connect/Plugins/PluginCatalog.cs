using Barnabas.Configuration;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Predicates;
using Barnabas.Connect.Transforms;

namespace Barnabas.Connect.Plugins;

/// <summary>Everything that configurations may name: the program's connectors, Kafka Connect's building blocks, and what plug-ins bring. Immutable.</summary>
public sealed class PluginCatalog
{
    private readonly Lazy<IReadOnlyList<ConnectorPlugin>>[] _connectors;
    private readonly Dictionary<string, Func<IConverter>> _converters;
    private readonly Dictionary<string, Func<IHeaderConverter>> _headerConverters;
    private readonly Dictionary<string, Func<IPredicate>> _predicates;
    private readonly Dictionary<string, Func<ITransformation>> _transformations;

    /// <summary>The built-in building blocks and these connectors.</summary>
    /// <param name="connectors">
    /// The connectors of each assembly. One is asked when no assembly before it has the connector that is looked for: a worker holds only
    /// the code that its connectors need.
    /// </param>
    public PluginCatalog(params IEnumerable<Func<IReadOnlyList<ConnectorPlugin>>> connectors)
        : this([.. connectors.Select(all => new Lazy<IReadOnlyList<ConnectorPlugin>>(all))], new(BuiltInConverters()), new(BuiltInHeaderConverters()), new(BuiltInPredicates()), [])
    {
    }

    private PluginCatalog(
        Lazy<IReadOnlyList<ConnectorPlugin>>[] connectors, Dictionary<string, Func<IConverter>> converters, Dictionary<string, Func<IHeaderConverter>> headerConverters,
        Dictionary<string, Func<IPredicate>> predicates, Dictionary<string, Func<ITransformation>> transformations)
    {
        _connectors = connectors;
        _converters = converters;
        _headerConverters = headerConverters;
        _predicates = predicates;
        _transformations = transformations;
    }

    /// <summary>The connectors, by class name; where two have the same, the first.</summary>
    public IReadOnlyList<ConnectorPlugin> Connectors =>
        [.. _connectors.SelectMany(all => all.Value).DistinctBy(plugin => plugin.ClassName).OrderBy(plugin => plugin.ClassName, StringComparer.Ordinal)];

    /// <summary>The class names of converters.</summary>
    public IReadOnlyList<string> ConverterNames => [.. _converters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class names of header converters.</summary>
    public IReadOnlyList<string> HeaderConverterNames => [.. _headerConverters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class names of predicates.</summary>
    public IReadOnlyList<string> PredicateNames => [.. _predicates.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class names of transforms.</summary>
    public IReadOnlyList<string> TransformationNames => [.. TransformationCatalog.ClassNames.Concat(_transformations.Keys).Order(StringComparer.Ordinal)];

    /// <summary>The connector of that name, or null.</summary>
    public ConnectorPlugin? FindConnector(string name) => _connectors.SelectMany(all => all.Value).FirstOrDefault(plugin => plugin.Answers(name));

    /// <summary>A new converter.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public IConverter CreateConverter(string key, string name) => Find(_converters, key, name)();

    /// <summary>A new header converter.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public IHeaderConverter CreateHeaderConverter(string key, string name) => Find(_headerConverters, key, name)();

    /// <summary>A new predicate.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public IPredicate CreatePredicate(string key, string name) => Find(_predicates, key, name)();

    /// <summary>A new transform.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public ITransformation CreateTransformation(string key, string name) => TransformationCatalog.Create(name) ?? Find(_transformations, key, name)();

    /// <summary>This catalog and what plug-ins bring; a built-in one of the same name stays.</summary>
    internal PluginCatalog With(PluginSet plugins) => new(
        [.. _connectors, new(plugins.Connectors)],
        Joined(_converters, plugins.Converters), Joined(_headerConverters, plugins.HeaderConverters), Joined(_predicates, plugins.Predicates), Joined(_transformations, plugins.Transformations));

    private static Dictionary<string, Func<T>> Joined<T>(Dictionary<string, Func<T>> known, Dictionary<string, Func<T>> more)
    {
        var all = new Dictionary<string, Func<T>>(more);
        foreach (var (name, make) in known) all[name] = make;
        return all;
    }

    private static Dictionary<string, Func<IConverter>> BuiltInConverters() => new()
    {
        ["org.apache.kafka.connect.converters.BooleanConverter"] = () => new BooleanConverter(),
        ["org.apache.kafka.connect.converters.ByteArrayConverter"] = () => new ByteArrayConverter(),
        ["org.apache.kafka.connect.converters.DoubleConverter"] = () => new FloatConverter(isDouble: true),
        ["org.apache.kafka.connect.converters.FloatConverter"] = () => new FloatConverter(isDouble: false),
        ["org.apache.kafka.connect.converters.IntegerConverter"] = () => new NumberConverter<int>(Schema.OptionalInt32),
        ["org.apache.kafka.connect.converters.LongConverter"] = () => new NumberConverter<long>(Schema.OptionalInt64),
        ["org.apache.kafka.connect.converters.ShortConverter"] = () => new NumberConverter<short>(Schema.OptionalInt16),
        ["org.apache.kafka.connect.json.JsonConverter"] = () => new JsonConverter(),
        ["org.apache.kafka.connect.storage.StringConverter"] = () => new StringConverter(),
    };

    // Most converters serve headers too.
    private static Dictionary<string, Func<IHeaderConverter>> BuiltInHeaderConverters()
    {
        var all = new Dictionary<string, Func<IHeaderConverter>> { ["org.apache.kafka.connect.storage.SimpleHeaderConverter"] = () => new SimpleHeaderConverter() };
        foreach (var (name, make) in BuiltInConverters())
            if (make() is IHeaderConverter) all[name] = () => (IHeaderConverter)make();
        return all;
    }

    private static Dictionary<string, Func<IPredicate>> BuiltInPredicates() => new()
    {
        ["org.apache.kafka.connect.transforms.predicates.HasHeaderKey"] = () => new HasHeaderKey(),
        ["org.apache.kafka.connect.transforms.predicates.RecordIsTombstone"] = () => new RecordIsTombstone(),
        ["org.apache.kafka.connect.transforms.predicates.TopicNameMatches"] = () => new TopicNameMatches(),
    };

    private static T Find<T>(Dictionary<string, T> known, string key, string name)
    {
        if (known.TryGetValue(name, out var found)) return found;
        var byLastPart = known.Where(pair => pair.Key.EndsWith("." + name, StringComparison.Ordinal)).Select(pair => pair.Value).ToList();
        return byLastPart.Count == 1 ? byLastPart[0] : throw new ConfigException(key, name, $"Class {name} could not be found.");
    }
}
