using Barnabas.Configuration;

namespace Barnabas.Connect.Config;

/// <summary>The keys of one plugin, in the order they were defined.</summary>
public sealed class ConfigDef
{
    private readonly Dictionary<string, ConnectKey> _keys = [];
    private readonly List<ConnectKey> _inOrder = [];

    /// <summary>All keys, in the order they were defined.</summary>
    public IReadOnlyList<ConnectKey> Keys => _inOrder;

    /// <summary>The headings, in the order they were first named.</summary>
    public IReadOnlyList<string> Groups => [.. _inOrder.Select(key => key.Group).OfType<string>().Distinct()];

    /// <summary>Adds a key.</summary>
    /// <exception cref="ConfigException">It is defined already.</exception>
    public ConfigDef Define(ConnectKey key)
    {
        if (!_keys.TryAdd(key.Name, key)) throw new ConfigException($"Configuration {key.Name} is defined twice.");
        _inOrder.Add(key);
        return this;
    }

    /// <summary>Adds all keys of another definition.</summary>
    public ConfigDef Embed(ConfigDef other)
    {
        foreach (var key in other.Keys) Define(key);
        return this;
    }

    /// <summary>The key of that name, or null.</summary>
    public ConnectKey? Find(string name) => _keys.GetValueOrDefault(name);

    /// <summary>Parses the values of all keys.</summary>
    /// <exception cref="ConfigException">The first value that is missing or not valid, with Kafka's text.</exception>
    public ConfigValues Parse(IReadOnlyDictionary<string, string> configs)
    {
        var values = new Dictionary<string, object?>();
        foreach (var key in _inOrder)
        {
            if (configs.TryGetValue(key.Name, out var text)) values[key.Name] = key.Parse(text);
            else if (key.IsRequired) throw Missing(key);
            else values[key.Name] = key.Parse(key.Default);
        }

        return new ConfigValues(values, configs);
    }

    /// <summary>Looks at each key by itself: its value and all that is wrong with it.</summary>
    public IReadOnlyList<ValidatedValue> Validate(IReadOnlyDictionary<string, string> configs)
    {
        var all = new List<ValidatedValue>();
        foreach (var key in _inOrder)
        {
            var errors = new List<string>();
            var given = configs.TryGetValue(key.Name, out var text);
            if (!given) text = key.IsRequired ? null : key.Default;
            try
            {
                if (given || !key.IsRequired) _ = key.Parse(text);
                else errors.Add(Missing(key).Message);
            }
            catch (ConfigException error)
            {
                errors.Add(error.Message);
            }

            all.Add(new ValidatedValue(key.Name, text, key.Recommender?.Invoke(configs) ?? [], errors));
        }

        return all;
    }

    private static ConfigException Missing(ConnectKey key) => new($"Missing required configuration \"{key.Name}\" which has no default value.");
}
