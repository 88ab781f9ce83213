using System;
using System.Collections.Generic;
using System.Linq;

namespace Barnabas.Protocol.Generator.Parsing;

internal sealed record ErrorRow(short Code, string Name, bool IsRetriable, string ExceptionClass, string Message);

internal sealed record MetadataVersionRow(short Level, string Name, bool ChangesRecords, bool IsLatestProduction, bool IsMinimum);

internal sealed record FeatureLevelRow(string Feature, short Level, string MetadataVersion, string Needs);

internal sealed record FeatureRow(string Name, short LatestProduction, List<FeatureLevelRow> Levels);

/// <summary>Reads the two tables beside the message schemas: <c>errors.txt</c> and <c>features.txt</c>.</summary>
internal sealed class TableParser(string path, List<SchemaProblem> problems)
{
    public List<ErrorRow> ParseErrors(string text)
    {
        var rows = new List<ErrorRow>();
        foreach (var (line, content) in Lines(text))
        {
            var cells = content.Split([" | "], 5, StringSplitOptions.None);
            if (cells.Length == 5 && short.TryParse(cells[0], out var code))
                rows.Add(new ErrorRow(code, cells[1], cells[2] == "yes", cells[3], cells[4]));
            else
                problems.Add(new SchemaProblem(path, line, "an error is 'code | NAME | yes or no | exception class | message'"));
        }
        return rows;
    }

    public (List<MetadataVersionRow> Versions, List<FeatureRow> Features) ParseFeatures(string text)
    {
        var versions = new List<MetadataVersionRow>();
        var features = new List<FeatureRow>();
        foreach (var (line, content) in Lines(text))
        {
            var words = content.Split([' '], StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "metadata-version" && words.Length >= 3 && short.TryParse(words[1], out var level))
                versions.Add(new MetadataVersionRow(level, words[2], words.Contains("changes-records"), words.Contains("latest-production"), words.Contains("minimum")));
            else if (words[0] == "feature" && words.Length == 4 && short.TryParse(words[3], out var latest))
                features.Add(new FeatureRow(words[1], latest, []));
            else if (words[0] == "level" && words.Length >= 4 && features.Count > 0 && short.TryParse(words[1], out var featureLevel))
                features[features.Count - 1].Levels.Add(new FeatureLevelRow(features[features.Count - 1].Name, featureLevel, words[3], words.Length > 5 ? words[5] : ""));
            else
                problems.Add(new SchemaProblem(path, line, "neither a metadata-version, a feature nor a level of one"));
        }
        return (versions, features);
    }

    private static IEnumerable<(int Line, string Content)> Lines(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var content = lines[i].Trim();
            if (content.Length > 0 && content[0] != '#')
                yield return (i, content);
        }
    }
}
