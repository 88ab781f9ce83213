using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out, per catalog of records, the switch from type number to a new record.</summary>
internal static class RecordCatalogEmitter
{
    public static string Emit(string catalog, IEnumerable<MessageSummary> records)
    {
        var code = CodeWriter.ForFile();
        code.Line("namespace Barnabas.Protocol.Messages;");
        code.Line();
        code.Line("/// <summary>New records by their type number.</summary>");
        code.Open("public static class " + catalog);
        var first = true;
        foreach (var group in records.GroupBy(record => record.Kind))
        {
            if (!first)
                code.Line();
            first = false;
            EmitFactory(code, group.Key, group.OrderBy(record => record.Number));
        }
        code.Close();
        return code.ToString();
    }

    private static void EmitFactory(CodeWriter code, MessageKind kind, IEnumerable<MessageSummary> records)
    {
        var (type, method) = kind switch
        {
            MessageKind.CoordinatorKey => ("ICoordinatorKey", "NewKey"),
            MessageKind.CoordinatorValue => ("ICoordinatorValue", "NewValue"),
            _ => ("IMetadataRecord", "New"),
        };
        code.Line("/// <summary>A new " + type + " of the type; null when no schema has that number.</summary>");
        code.Open("public static " + type + "? " + method + "(int type) => type switch");
        foreach (var record in records)
            code.Line(record.Number + " => new " + record.Name + "(),");
        code.Line("_ => null,");
        code.Close(";");
    }
}
