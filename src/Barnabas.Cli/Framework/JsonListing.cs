using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Barnabas.Cli.Framework;

/// <summary>What a tool lists, for <c>--json</c>: one array with an object a row, named by the columns of its table. Printed when the tool succeeded.</summary>
internal sealed class JsonListing
{
    private static readonly HashSet<string> Numbers = new(StringComparer.Ordinal)
    {
        "partition", "leaderEpoch", "currentOffset", "logEndOffset", "lag", "partitions", "currentEpoch", "targetEpoch", "groupEpoch", "targetAssignmentEpoch", "members",
        "startOffset", "memberEpoch", "assignmentEpoch", "coordinator", "coordinatorId", "coordinatorEpoch", "producerId", "producerEpoch", "latestCoordinatorEpoch", "lastSequence",
        "lastTimestamp", "durationMin", "transactionTimeoutMs", "currentTransactionStartTimeMs", "transactionDurationMs", "currentTransactionStartOffset", "nodeId",
        "lastFetchTimestamp", "lastCaughtUpTimestamp", "id", "port", "epoch", "offset", "leaderId", "highWatermark", "maxFollowerLag", "offsetLag", "topologyEpoch", "maxFollowerLagTimeMs",
    };

    private readonly List<string> _rows = [];

    /// <summary>Adds a row by the header of its table; what a table shows as <c>-</c> or None is null.</summary>
    public void Add(IReadOnlyList<string> header, IReadOnlyList<string> cells) => Add(json =>
    {
        for (var at = 0; at < cells.Count; at++)
            WriteCell(json, NameOf(header[at]), cells[at]);
    });

    /// <summary>Adds a row whose members the caller writes.</summary>
    public void Add(Action<Utf8JsonWriter> writeMembers) => _rows.Add(JsonText.Of(json =>
    {
        json.WriteStartObject();
        writeMembers(json);
        json.WriteEndObject();
    }));

    public void WriteTo(TextWriter output) => output.WriteLine($"[{string.Join(',', _rows)}]");

    private static void WriteCell(Utf8JsonWriter json, string name, string cell)
    {
        if (Numbers.Contains(name) && long.TryParse(cell, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            json.WriteNumber(name, number);
        else
            json.WriteString(name, cell is "-" || cell is "None" && Numbers.Contains(name) ? null : cell);
    }

    /// <summary><c>LOG-END-OFFSET</c>, <c>#PARTITIONS</c> and <c>TransactionalId</c> become <c>logEndOffset</c>, <c>partitions</c> and <c>transactionalId</c>.</summary>
    private static string NameOf(string title)
    {
        var isShouted = !title.Any(char.IsAsciiLetterLower);
        var name = new StringBuilder(title.Length);
        var begins = false;
        foreach (var letter in title)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                // What stands in brackets says more about a column of a table than about a member.
                if (letter == '(' && isShouted)
                    break;
                begins = name.Length > 0;
                continue;
            }
            name.Append(begins ? char.ToUpperInvariant(letter) : isShouted || name.Length == 0 ? char.ToLowerInvariant(letter) : letter);
            begins = false;
        }
        return name.ToString();
    }
}
