using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Plugins;

/// <summary>A kind of connector that this worker can run.</summary>
/// <param name="ClassName">The name that configurations give: the class of the original where there is one.</param>
/// <param name="Version">Its version.</param>
/// <param name="IsSource">Whether it brings data into Kafka.</param>
/// <param name="Create">Makes an unstarted connector.</param>
/// <param name="Aliases">Other names for it.</param>
public sealed record ConnectorPlugin(string ClassName, string Version, bool IsSource, Func<Connector> Create, IReadOnlyList<string> Aliases)
{
    private const string Suffix = "Connector";

    /// <summary>The file of the plug-in that brought it; null for a built-in one.</summary>
    public string? Location { get; init; }

    /// <summary>The class of the original's tasks, by its name unless said otherwise: tasks of Java workers are made of it.</summary>
    public string TaskClassName { get; init; } = ClassName.EndsWith(Suffix, StringComparison.Ordinal) ? ClassName[..^Suffix.Length] + "Task" : ClassName + "Task";

    /// <summary>The last part of the class name.</summary>
    public string SimpleName => ClassName[(ClassName.LastIndexOf('.') + 1)..];

    /// <summary>Whether a configuration may mean it by <paramref name="name"/>: the class, an alias, or either's last part with or without "Connector".</summary>
    public bool Answers(string name) =>
        name == ClassName || Aliases.Contains(name) || name == SimpleName || name == SimpleName.Replace(Suffix, "", StringComparison.Ordinal);
}
