namespace Barnabas.Metadata.Controller;

/// <summary>
/// Topic names that metric names could not tell apart, since both '.' and '_' become '_' there.
/// </summary>
internal sealed class TopicNameCollisions
{
    private readonly Dictionary<string, SortedSet<string>> _byUnified = new(StringComparer.Ordinal);

    internal void Add(string name)
    {
        if (!HasCollisionCharacters(name)) return;
        var unified = Unify(name);
        if (!_byUnified.TryGetValue(unified, out var names)) _byUnified[unified] = names = new(StringComparer.Ordinal);
        names.Add(name);
    }

    internal void Remove(string name)
    {
        if (!HasCollisionCharacters(name)) return;
        var unified = Unify(name);
        if (!_byUnified.TryGetValue(unified, out var names)) return;
        names.Remove(name);
        if (names.Count == 0) _byUnified.Remove(unified);
    }

    /// <summary>An existing topic that the name collides with, or null.</summary>
    internal string? Find(string name) =>
        HasCollisionCharacters(name) && _byUnified.TryGetValue(Unify(name), out var names) ? names.Min : null;

    private static bool HasCollisionCharacters(string name) => name.AsSpan().ContainsAny('_', '.');

    private static string Unify(string name) => name.Replace('.', '_');
}
