using System.Text.RegularExpressions;
using Barnabas.Connect.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Barnabas.Connect.Tests;

/// <summary>Connectors as assemblies of their own under <c>plugin.path</c>.</summary>
public sealed class PluginTests
{
    private const string Shout = """
        using Barnabas.Connect.Config;
        using Barnabas.Connect.Converters;
        using Barnabas.Connect.Data;
        using Barnabas.Connect.Predicates;
        using Barnabas.Connect.Records;
        using Barnabas.Connect.Transforms;

        namespace Other;

        public sealed class Negate : ITransformation
        {
            public ConfigDef Config { get; } = new();
            public void Configure(IReadOnlyDictionary<string, string> configs) { }
            public ConnectRecord? Apply(ConnectRecord record) => record with { Value = -(long)record.Value! };
        }

        public sealed class IsOdd : IPredicate
        {
            public ConfigDef Config { get; } = new();
            public void Configure(IReadOnlyDictionary<string, string> configs) { }
            public bool Test(ConnectRecord record) => (long)record.Value! % 2 != 0;
        }

        public sealed class Bracketed : IConverter
        {
            public void Configure(IReadOnlyDictionary<string, string> configs, bool isKey) { }
            public byte[]? FromConnectData(string topic, ConnectHeaders headers, Schema? schema, object? value) => value is null ? null : System.Text.Encoding.UTF8.GetBytes($"<{value}>");
            public SchemaAndValue ToConnectData(string topic, ConnectHeaders headers, byte[]? bytes) => SchemaAndValue.Null;
        }
        """;

    [Fact]
    public async Task The_connector_of_the_documentation_is_loaded_listed_and_goes_on_after_a_restart()
    {
        var folder = Directory.CreateTempSubdirectory("barnabas-plugins-").FullName;
        try
        {
            Compile(Example(), Path.Combine(folder, "counter", "Example.Counter.dll"));
            Compile(Shout, Path.Combine(folder, "other", "Other.dll"));
            await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "Broken.dll"), "no assembly", TestContext.Current.CancellationToken);
            await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "kafka-connect-jdbc.jar"), "java", TestContext.Current.CancellationToken);
            await using var worker = await TestWorker.StartAsync(properties: new Dictionary<string, string> { ["plugin.path"] = folder });
            var listed = (await worker.GetAsync("/connector-plugins?connectorsOnly=false")).Body!.AsArray().Select(plugin => $"{plugin!["class"]} {plugin["type"]} {plugin["version"]}").ToList();
            Assert.Contains("Example.CounterConnector source 1.0.0", listed);
            Assert.Contains(listed, line => line.StartsWith("Other.Bracketed converter", StringComparison.Ordinal));
            Assert.Contains(listed, line => line.StartsWith("Other.Negate transformation", StringComparison.Ordinal));
            Assert.Contains(listed, line => line.StartsWith("Other.IsOdd predicate", StringComparison.Ordinal));
            await worker.CreateAsync(
                "count", ("connector.class", "Example.CounterConnector"), ("topic", "numbers"), ("interval.ms", "20"), ("value.converter", "Other.Bracketed"),
                ("transforms", "n"), ("transforms.n.type", "Other.Negate"), ("transforms.n.predicate", "odd"), ("predicates", "odd"), ("predicates.odd.type", "Other.IsOdd"));
            Assert.Equal(["<-1>", "<2>", "<-3>"], (await worker.ReadAsync("numbers", 3)).Take(3));
            await worker.RestartAsync();
            var all = await worker.ReadAsync("numbers", (await worker.TryReadAsync("numbers")).Count + 3);
            Assert.Equal(Enumerable.Range(1, all.Count).Select(number => $"<{(number % 2 != 0 ? -number : number)}>"), all);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_template_compiles_against_the_SDK_and_counts_in_a_worker()
    {
        var folder = Directory.CreateTempSubdirectory("barnabas-template-").FullName;
        try
        {
            var template = Path.Combine(DocumentationTests.Root(), "templates", "connector");
            Compile(Directory.GetFiles(template, "*.cs").Select(System.IO.File.ReadAllText), Path.Combine(folder, "Template.dll"));
            await using (var worker = await TestWorker.StartAsync(properties: new Dictionary<string, string> { ["plugin.path"] = folder }))
            {
                await worker.CreateAsync("count", ("connector.class", "Example.Counter.CounterConnector"), ("topic", "numbers"), ("interval.ms", "20"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
                Assert.Equal(["1", "2", "3"], (await worker.ReadAsync("numbers", 3))[..3]);
            }

            using var settings = System.Text.Json.JsonDocument.Parse(await System.IO.File.ReadAllTextAsync(Path.Combine(template, ".template.config", "template.json"), TestContext.Current.CancellationToken));
            var symbol = settings.RootElement.GetProperty("symbols").GetProperty("barnabas").GetProperty("replaces").GetString()!;
            Assert.Contains($">{symbol}<", await System.IO.File.ReadAllTextAsync(Path.Combine(template, "Example.Counter.csproj"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Example() =>
        Regex.Match(System.IO.File.ReadAllText(Path.Combine(DocumentationTests.Root(), "docs", "connect-plugins.md")), "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    internal static void Compile(string code, string file) => Compile([code], file);

    private static void Compile(IEnumerable<string> codes, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        const string usings = "global using System; global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            Path.GetFileNameWithoutExtension(file), [CSharpSyntaxTree.ParseText(usings), .. codes.Select(code => CSharpSyntaxTree.ParseText(code))], references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var result = compilation.Emit(file);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
    }
}
