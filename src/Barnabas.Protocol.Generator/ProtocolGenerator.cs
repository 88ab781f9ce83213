using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text;
using Barnabas.Protocol.Generator.Emitting;
using Barnabas.Protocol.Generator.Parsing;
using Barnabas.Protocol.Generator.Schemas;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Barnabas.Protocol.Generator;

/// <summary>Turns the schema files of Barnabas.Protocol into message classes, catalogs, error codes and features.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Mistake = new(
        "BNP001", "Schema mistake", "{0}", "Barnabas.Protocol", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.Replace('\\', '/').Contains("/schemas/"))
            .Select(static (file, cancellation) => GeneratedFile.From(file.Path, file.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(files, static (output, file) => Add(output, file));
        var messages = files.SelectMany(static (file, _) => file.Messages).Collect();
        context.RegisterSourceOutput(messages, static (output, all) => AddCatalogs(output, all));
    }

    private static void Add(SourceProductionContext output, GeneratedFile file)
    {
        foreach (var problem in file.Problems)
            output.ReportDiagnostic(Diagnostic.Create(Mistake, At(problem), problem.Message));
        foreach (var source in file.Sources)
            output.AddSource(source.HintName, SourceText.From(source.Code, Encoding.UTF8));
    }

    private static Location At(SchemaProblem problem)
    {
        var position = new LinePosition(problem.Line, 0);
        return Location.Create(problem.Path, default, new LinePositionSpan(position, position));
    }

    private static void AddCatalogs(SourceProductionContext output, ImmutableArray<MessageSummary> all)
    {
        var requests = all.Where(message => message.Kind == MessageKind.Request).OrderBy(message => message.Number).ToList();
        output.AddSource("ApiKey.g.cs", SourceText.From(ApiCatalogEmitter.EmitKeys(requests), Encoding.UTF8));
        output.AddSource("ApiCatalog.g.cs", SourceText.From(ApiCatalogEmitter.EmitTable(requests), Encoding.UTF8));
        foreach (var catalog in all.Where(IsRecord).GroupBy(message => message.Catalog!))
            output.AddSource("Messages." + catalog.Key + ".g.cs", SourceText.From(RecordCatalogEmitter.Emit(catalog.Key, catalog), Encoding.UTF8));
    }

    private static bool IsRecord(MessageSummary message) =>
        message.Kind is MessageKind.Metadata or MessageKind.CoordinatorKey or MessageKind.CoordinatorValue;
}
