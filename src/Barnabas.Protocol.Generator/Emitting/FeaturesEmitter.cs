using System.Collections.Generic;
using System.Linq;
using Barnabas.Protocol.Generator.Parsing;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out the metadata versions and feature levels.</summary>
internal static class FeaturesEmitter
{
    public static string Emit(List<MetadataVersionRow> versions, List<FeatureRow> features)
    {
        var code = CodeWriter.ForFile();
        code.Line("namespace Barnabas.Protocol.Features;");
        code.Line();
        code.Open("public sealed partial class MetadataVersion");
        foreach (var row in versions)
        {
            code.Line("/// <summary>" + row.Name + ", level " + row.Level + ".</summary>");
            code.Line("public static MetadataVersion " + Member(row.Name) + " { get; } = new(" + row.Level + ", \"" + row.Name + "\", " + (row.ChangesRecords ? "true" : "false") + ");");
            code.Line();
        }
        code.Line("/// <summary>Every metadata version, lowest first.</summary>");
        code.Line("public static IReadOnlyList<MetadataVersion> All { get; } = [" + string.Join(", ", versions.OrderBy(row => row.Level).Select(row => Member(row.Name))) + "];");
        code.Line();
        code.Line("/// <summary>The newest that a production cluster may use.</summary>");
        code.Line("public static MetadataVersion LatestProduction => " + Member(versions.First(row => row.IsLatestProduction).Name) + ";");
        code.Line();
        code.Line("/// <summary>The oldest that Kafka 4 understands.</summary>");
        code.Line("public static MetadataVersion Minimum => " + Member(versions.First(row => row.IsMinimum).Name) + ";");
        code.Close();
        code.Line();
        code.Open("public sealed partial class Feature");
        foreach (var feature in features)
        {
            var levels = feature.Levels.Select(level =>
                "new(" + level.Level + ", MetadataVersion." + Member(level.MetadataVersion) + ", [" + Needs(level.Needs) + "])");
            code.Line("/// <summary>" + feature.Name + ", levels 0 to " + feature.Levels.Max(level => level.Level) + ".</summary>");
            code.Line("public static Feature " + FeatureMember(feature.Name) + " { get; } = new(\"" + feature.Name + "\", " + feature.LatestProduction + ", [" + string.Join(", ", levels) + "]);");
            code.Line();
        }
        code.Line("/// <summary>Every feature besides metadata.version.</summary>");
        code.Line("public static IReadOnlyList<Feature> All { get; } = [" + string.Join(", ", features.Select(feature => FeatureMember(feature.Name))) + "];");
        code.Close();
        return code.ToString();
    }

    private static string Needs(string needs) => string.Join(", ", needs.Split([','], System.StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('='))
        .Select(pair => "new KeyValuePair<string, short>(\"" + pair[0] + "\", " + pair[1] + ")"));

    private static string Member(string name) => "V" + name.Replace('.', '_').Replace('-', '_');

    private static string FeatureMember(string name) =>
        string.Concat(name.Split('.').Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
}
