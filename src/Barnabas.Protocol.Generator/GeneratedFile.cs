using System;
using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Emitting;
using Barnabas.Protocol.Generator.Parsing;

namespace Barnabas.Protocol.Generator;

internal sealed record GeneratedSource(string HintName, string Code);

/// <summary>Everything one schema file gives. Equal by content, so that an unrelated edit generates nothing again.</summary>
internal sealed class GeneratedFile(
    IReadOnlyList<GeneratedSource> sources,
    IReadOnlyList<MessageSummary> messages,
    IReadOnlyList<SchemaProblem> problems) : IEquatable<GeneratedFile>
{
    public IReadOnlyList<GeneratedSource> Sources { get; } = sources;

    public IReadOnlyList<MessageSummary> Messages { get; } = messages;

    public IReadOnlyList<SchemaProblem> Problems { get; } = problems;

    public bool Equals(GeneratedFile? other) =>
        other is not null && Sources.SequenceEqual(other.Sources) && Messages.SequenceEqual(other.Messages) && Problems.SequenceEqual(other.Problems);

    public override bool Equals(object? obj) => Equals(obj as GeneratedFile);

    public override int GetHashCode() => Messages.Count == 0 ? 0 : Messages[0].GetHashCode();

    public static GeneratedFile From(string path, string text)
    {
        var problems = new List<SchemaProblem>();
        var sources = new List<GeneratedSource>();
        var messages = new List<MessageSummary>();
        var name = System.IO.Path.GetFileName(path);
        if (name == "errors.txt")
        {
            var rows = new TableParser(path, problems).ParseErrors(text);
            if (problems.Count == 0)
                sources.Add(new GeneratedSource("ErrorCodes.g.cs", ErrorsEmitter.Emit(rows)));
        }
        else if (name == "features.txt")
        {
            var (versions, features) = new TableParser(path, problems).ParseFeatures(text);
            if (problems.Count == 0)
                sources.Add(new GeneratedSource("Features.g.cs", FeaturesEmitter.Emit(versions, features)));
        }
        else
        {
            var parsed = new SchemaParser(path, problems).Parse(text);
            if (problems.Count == 0)
            {
                messages.AddRange(parsed.Select(MessageSummary.Of));
                sources.AddRange(parsed.Where(message => !message.Versions.IsEmpty)
                    .Select(message => new GeneratedSource("Messages." + message.Name + ".g.cs", MessageEmitter.Emit(message))));
            }
        }
        return new GeneratedFile(sources, messages, problems);
    }
}
