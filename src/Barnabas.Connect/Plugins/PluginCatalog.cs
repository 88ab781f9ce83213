using Barnabas.Configuration;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Predicates;
using Barnabas.Connect.Transforms;

namespace Barnabas.Connect.Plugins;

/// <summary>Everything that configurations may name. Connectors are registered by the program; the building blocks are Kafka Connect's.</summary>
public sealed class PluginCatalog(IReadOnlyList<ConnectorPlugin> connectors)
{
    private static readonly Dictionary<string, Func<IConverter>> KnownConverters = new()
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

    private static readonly Dictionary<string, Func<IHeaderConverter>> KnownHeaderConverters = new()
    {
        ["org.apache.kafka.connect.storage.SimpleHeaderConverter"] = () => new SimpleHeaderConverter(),
    };

    private static readonly Dictionary<string, Func<IPredicate>> KnownPredicates = new()
    {
        ["org.apache.kafka.connect.transforms.predicates.HasHeaderKey"] = () => new HasHeaderKey(),
        ["org.apache.kafka.connect.transforms.predicates.RecordIsTombstone"] = () => new RecordIsTombstone(),
        ["org.apache.kafka.connect.transforms.predicates.TopicNameMatches"] = () => new TopicNameMatches(),
    };

    /// <summary>The connectors, by class name.</summary>
    public IReadOnlyList<ConnectorPlugin> Connectors { get; } = [.. connectors.OrderBy(plugin => plugin.ClassName, StringComparer.Ordinal)];

    /// <summary>The class names of converters.</summary>
    public static IReadOnlyList<string> ConverterNames { get; } = [.. KnownConverters.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class names of header converters.</summary>
    public static IReadOnlyList<string> HeaderConverterNames { get; } = [.. KnownHeaderConverters.Keys.Concat(KnownConverters.Keys).Order(StringComparer.Ordinal)];

    /// <summary>The class names of predicates.</summary>
    public static IReadOnlyList<string> PredicateNames { get; } = [.. KnownPredicates.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The class names of transforms.</summary>
    public static IReadOnlyList<string> TransformationNames { get; } = [.. TransformationCatalog.ClassNames];

    /// <summary>The connector of that name, or null.</summary>
    public ConnectorPlugin? FindConnector(string name) => Connectors.FirstOrDefault(plugin => plugin.Answers(name));

    /// <summary>A new converter.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static IConverter CreateConverter(string key, string name) => Find(KnownConverters, key, name)();

    /// <summary>A new header converter.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static IHeaderConverter CreateHeaderConverter(string key, string name) =>
        KnownConverters.TryGetValue(name, out var make) && make() is IHeaderConverter both ? both : Find(KnownHeaderConverters, key, name)();

    /// <summary>A new predicate.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static IPredicate CreatePredicate(string key, string name) => Find(KnownPredicates, key, name)();

    /// <summary>A new transform.</summary>
    /// <exception cref="ConfigException">There is none of that name.</exception>
    public static ITransformation CreateTransformation(string key, string name) =>
        TransformationCatalog.Create(name) ?? throw NoClass(key, name);

    private static T Find<T>(Dictionary<string, T> known, string key, string name)
    {
        if (known.TryGetValue(name, out var found)) return found;
        var byLastPart = known.Where(pair => pair.Key.EndsWith("." + name, StringComparison.Ordinal)).Select(pair => pair.Value).ToList();
        return byLastPart.Count == 1 ? byLastPart[0] : throw NoClass(key, name);
    }

    private static ConfigException NoClass(string key, string name) => new(key, name, $"Class {name} could not be found.");
}
