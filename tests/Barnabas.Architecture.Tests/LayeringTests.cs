using System.Xml.Linq;

namespace Barnabas.Architecture.Tests;

/// <summary>Holds the dependency picture of ARCHITECTURE.md: a project refers only to layers below its own.</summary>
public sealed class LayeringTests
{
    /// <summary>Each project and all it may refer to directly. A new project is entered here on purpose.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Configuration"] = [],
        ["Protocol.Generator"] = [],
        ["Protocol"] = ["Protocol.Generator"],
        ["Storage"] = ["Protocol"],
        ["Transport"] = ["Protocol"],
        ["Raft"] = ["Storage", "Transport", "Protocol"],
        ["Metadata"] = ["Raft", "Configuration", "Storage", "Protocol"],
        ["Coordination"] = ["Metadata", "Raft", "Configuration", "Storage", "Protocol"],
        ["Client"] = ["Transport", "Configuration", "Protocol"],
        ["Connect"] = ["Client", "Configuration", "Protocol"],
        ["Connect.File"] = ["Connect"],
        ["Connect.Http"] = ["Connect"],
        ["Connect.Jdbc"] = ["Connect"],
        ["Connect.Mqtt"] = ["Connect"],
        ["Fms"] = ["Client"],
        ["Broker"] = ["Coordination", "Metadata", "Raft", "Configuration", "Storage", "Transport", "Protocol"],
        ["Testing"] = ["Broker", "Client", "Configuration", "Storage", "Transport", "Protocol"],
        ["Cli"] = ["Broker", "Client", "Connect", "Connect.File", "Connect.Http", "Connect.Jdbc", "Connect.Mqtt", "Fms", "Metadata", "Storage", "Configuration", "Transport", "Protocol"],
    };

    public static TheoryData<string> Projects()
    {
        var data = new TheoryData<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories))
            data.Add(Path.GetFileNameWithoutExtension(file)["Barnabas.".Length..]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_layers_below_it(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"src/Barnabas.{project} has no place in the layers; enter it in LayeringTests and ARCHITECTURE.md");
        var file = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), $"Barnabas.{project}.csproj", SearchOption.AllDirectories).Single();
        var references = XDocument.Load(file).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)["Barnabas.".Length..]);
        Assert.Empty(references.Except(allowed));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = XDocument.Load(Path.Combine(Repository.Root, "Barnabas.slnx")).Descendants("Project").Select(p => p.Attribute("Path")!.Value).ToHashSet();
        var projects = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'));
        Assert.Empty(projects.Except(solution));
    }
}
