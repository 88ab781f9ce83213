using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out <c>ApiKey</c> and the table behind <c>ApiCatalog</c>.</summary>
internal static class ApiCatalogEmitter
{
    public static string EmitKeys(IEnumerable<MessageSummary> requests)
    {
        var code = CodeWriter.ForFile();
        code.Line("namespace Barnabas.Protocol;");
        code.Line();
        code.Line("/// <summary>Kafka's API keys.</summary>");
        code.Open("public enum ApiKey : short");
        foreach (var request in requests)
        {
            code.Line("/// <summary>" + ApiName(request) + (request.HasVersions ? "" : ", which Kafka no longer speaks") + ".</summary>");
            code.Line(ApiName(request) + " = " + request.Number + ",");
        }
        code.Close();
        return code.ToString();
    }

    public static string EmitTable(IEnumerable<MessageSummary> requests)
    {
        var spoken = requests.Where(request => request.HasVersions).ToList();
        var code = CodeWriter.ForFile();
        code.Line("using Barnabas.Protocol.Messages;");
        code.Line();
        code.Line("namespace Barnabas.Protocol;");
        code.Line();
        code.Open("public static partial class ApiCatalog");
        code.Line("private static ApiDescriptor[] Describe() =>");
        code.Line("[");
        foreach (var request in spoken)
        {
            var listeners = string.Join(" | ", new[] { request.OnBroker ? "ApiListeners.Broker" : null, request.OnController ? "ApiListeners.Controller" : null }.Where(name => name is not null));
            code.Line("    new(ApiKey." + ApiName(request) + ", \"" + ApiName(request) + "\", " + request.Lowest + ", " + request.Highest + ", "
                + request.FirstFlexible + ", " + (request.LatestVersionUnstable ? "true" : "false") + ", " + listeners + "),");
        }
        code.Line("];");
        code.Line();
        EmitFactory(code, spoken, "IRequest", "Request");
        code.Line();
        EmitFactory(code, spoken, "IResponse", "Response");
        code.Close();
        return code.ToString();
    }

    private static void EmitFactory(CodeWriter code, List<MessageSummary> requests, string type, string suffix)
    {
        code.Open("internal static " + type + " New" + suffix + "(ApiKey key)");
        code.Open("switch (key)");
        foreach (var request in requests)
            code.Line("case ApiKey." + ApiName(request) + ": return new " + ApiName(request) + suffix + "();");
        code.Line("default: throw UnsupportedVersionException.ForApi(key);");
        code.Close();
        code.Close();
    }

    private static string ApiName(MessageSummary request) => request.Name.Substring(0, request.Name.Length - "Request".Length);
}
