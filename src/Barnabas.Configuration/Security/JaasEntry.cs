namespace Barnabas.Configuration.Security;

/// <summary>One login module of a JAAS configuration: <c>org.apache...PlainLoginModule required username="a" password="b";</c>.</summary>
/// <param name="Module">The class name.</param>
/// <param name="Options">Its options.</param>
public sealed record JaasEntry(string Module, IReadOnlyDictionary<string, string> Options)
{
    /// <summary>An option, or null.</summary>
    public string? this[string name] => Options.GetValueOrDefault(name);

    /// <summary>The class name alone: options hold passwords.</summary>
    public override string ToString() => Module;
}
