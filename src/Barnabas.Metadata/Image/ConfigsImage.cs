using System.Collections.Immutable;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Image;

/// <summary>All dynamic configuration of the cluster. Immutable.</summary>
public sealed class ConfigsImage
{
    private static readonly ImmutableSortedDictionary<string, string> NoConfigs =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    internal ConfigsImage(ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> resources) =>
        Resources = resources;

    /// <summary>The image without any dynamic configuration.</summary>
    public static ConfigsImage Empty { get; } =
        new(ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>>.Empty);

    /// <summary>The overrides of every resource that has any.</summary>
    public ImmutableDictionary<ConfigResource, ImmutableSortedDictionary<string, string>> Resources { get; }

    /// <summary>The overrides of a resource; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> ConfigsOf(ConfigResource resource) => Get(resource);

    internal ImmutableSortedDictionary<string, string> Get(ConfigResource resource) =>
        Resources.GetValueOrDefault(resource, NoConfigs);

    internal void Write(ImageWriter writer)
    {
        foreach (var (resource, configs) in Resources.OrderBy(r => r.Key.Type).ThenBy(r => r.Key.Name, StringComparer.Ordinal))
        {
            foreach (var (name, value) in configs)
            {
                writer.Write(new ConfigRecord
                {
                    ResourceType = (sbyte)resource.Type,
                    ResourceName = resource.Name,
                    Name = name,
                    Value = value,
                });
            }
        }
    }
}

/// <summary>The changes of dynamic configuration between two images.</summary>
public sealed class ConfigsDelta
{
    private readonly ConfigsImage _image;
    private readonly Dictionary<ConfigResource, Dictionary<string, string?>> _changes = [];

    internal ConfigsDelta(ConfigsImage image) => _image = image;

    /// <summary>The changed keys of each changed resource; a null value means that the override went away.</summary>
    public IReadOnlyDictionary<ConfigResource, Dictionary<string, string?>> Changes => _changes;

    internal void Replay(ConfigRecord record) =>
        Changed(new ConfigResource((ConfigResourceType)record.ResourceType, record.ResourceName))[record.Name] = record.Value;

    internal void RemoveTopic(string name)
    {
        var resource = ConfigResource.ForTopic(name);
        var configs = _image.Get(resource);
        // Overrides written earlier in the same delta go too.
        if (configs.Count == 0 && !_changes.ContainsKey(resource)) return;
        var changed = Changed(resource);
        foreach (var key in changed.Keys.ToArray()) changed[key] = null;
        foreach (var key in configs.Keys) changed[key] = null;
    }

    internal void FinishSnapshot()
    {
        foreach (var (resource, configs) in _image.Resources)
        {
            foreach (var key in configs.Keys) Changed(resource).TryAdd(key, null);
        }
    }

    internal ConfigsImage Apply()
    {
        var resources = _image.Resources.ToBuilder();
        foreach (var (resource, changed) in _changes)
        {
            var configs = _image.Get(resource).ToBuilder();
            foreach (var (key, value) in changed)
            {
                if (value is null) configs.Remove(key);
                else configs[key] = value;
            }
            if (configs.Count == 0) resources.Remove(resource);
            else resources[resource] = configs.ToImmutable();
        }
        return new ConfigsImage(resources.ToImmutable());
    }

    private Dictionary<string, string?> Changed(ConfigResource resource)
    {
        if (!_changes.TryGetValue(resource, out var changed)) _changes[resource] = changed = [];
        return changed;
    }
}
