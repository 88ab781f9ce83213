using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Parsing;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out <c>ErrorCode</c> and the table behind <c>ErrorCodes</c>.</summary>
internal static class ErrorsEmitter
{
    public static string Emit(List<ErrorRow> rows)
    {
        var code = CodeWriter.ForFile();
        code.Line("namespace Barnabas.Protocol;");
        code.Line();
        code.Line("/// <summary>Kafka's error codes.</summary>");
        code.Open("public enum ErrorCode : short");
        foreach (var row in rows)
        {
            code.Line("/// <summary>" + row.Name + (row.IsRetriable ? ": worth a retry" : "") + ".</summary>");
            code.Line(Member(row.Name) + " = " + row.Code + ",");
        }
        code.Close();
        code.Line();
        code.Open("public static partial class ErrorCodes");
        code.Line("private const short Lowest = " + rows.Min(row => row.Code) + ";");
        code.Line();
        code.Line("private static readonly Entry[] Entries =");
        code.Line("[");
        foreach (var row in rows.OrderBy(row => row.Code))
        {
            code.Line("    new(ErrorCode." + Member(row.Name) + ", \"" + row.Name + "\", " + (row.IsRetriable ? "true" : "false") + ", "
                + (row.ExceptionClass == "-" ? "null" : Quote(row.ExceptionClass)) + ", " + Quote(row.Message) + "),");
        }
        code.Line("];");
        code.Close();
        return code.ToString();
    }

    public static string Quote(string text) => "\"" + text.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    private static string Member(string name) =>
        string.Concat(name.Split('_').Select(word => word.Length == 0 ? "" : word.Substring(0, 1) + word.Substring(1).ToLowerInvariant()));
}
