using Barnabas.Configuration;
using Barnabas.Connect.Plugins;
using Barnabas.Connect.Predicates;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>The transforms of a connector in order, each with its predicate. For one task.</summary>
public sealed class TransformationChain
{
    private readonly List<Step> _steps = [];

    /// <summary>Whether there is nothing to do.</summary>
    public bool IsEmpty => _steps.Count == 0;

    /// <summary>Reads <c>transforms</c>, <c>predicates</c> and the keys below them.</summary>
    /// <exception cref="ConfigException">A name or value is not valid.</exception>
    public static TransformationChain Create(IReadOnlyDictionary<string, string> configs, PluginCatalog plugins)
    {
        var chain = new TransformationChain();
        foreach (var alias in Aliases(configs, "transforms"))
        {
            var below = Below(configs, $"transforms.{alias}.");
            var key = $"transforms.{alias}.type";
            var transformation = plugins.CreateTransformation(key, below.GetValueOrDefault("type") ?? throw Missing(key));
            transformation.Configure(below);
            chain._steps.Add(new Step(transformation, PredicateOf(plugins, configs, alias, below), IsNegated(below)));
        }

        return chain;
    }

    /// <summary>The record after all transforms; null where one dropped it.</summary>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var current = record;
        foreach (var step in _steps)
        {
            if (step.Predicate is not null && step.Predicate.Test(current) == step.IsNegated) continue;
            if (step.Transformation.Apply(current) is not { } changed) return null;
            current = changed;
        }

        return current;
    }

    /// <summary>The keys below a prefix, without it.</summary>
    public static Dictionary<string, string> Below(IReadOnlyDictionary<string, string> configs, string prefix) =>
        configs.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[prefix.Length..], pair => pair.Value);

    private static IReadOnlyList<string> Aliases(IReadOnlyDictionary<string, string> configs, string key)
    {
        var aliases = Configuration.Validation.ConfigValue.SplitList(configs.GetValueOrDefault(key, ""));
        return aliases.Distinct().Count() == aliases.Count ? aliases : throw new ConfigException(key, aliases, "Duplicate alias provided.");
    }

    private static IPredicate? PredicateOf(PluginCatalog plugins, IReadOnlyDictionary<string, string> configs, string transform, Dictionary<string, string> below)
    {
        if (!below.TryGetValue("predicate", out var alias)) return null;
        if (!Aliases(configs, "predicates").Contains(alias))
            throw new ConfigException($"transforms.{transform}.predicate", alias, $"No predicate named '{alias}' is configured.");
        var settings = Below(configs, $"predicates.{alias}.");
        var key = $"predicates.{alias}.type";
        var predicate = plugins.CreatePredicate(key, settings.GetValueOrDefault("type") ?? throw Missing(key));
        predicate.Configure(settings);
        return predicate;
    }

    private static bool IsNegated(Dictionary<string, string> below) =>
        below.TryGetValue("negate", out var text) && (bool)Configuration.Validation.ConfigValue.Parse("negate", text, ConfigType.Boolean)!;

    private static ConfigException Missing(string key) => new($"Missing required configuration \"{key}\" which has no default value.");

    private sealed record Step(ITransformation Transformation, IPredicate? Predicate, bool IsNegated);
}
