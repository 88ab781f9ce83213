using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.Transactions;

/// <summary>Tables as kafka-transactions prints them: each cell padded to its column, then a tab.</summary>
internal static class TransactionsTable
{
    public static void Print(VerbContext context, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (context.Listing is { } listing)
        {
            foreach (var row in rows)
                listing.Add(header, row);
            return;
        }

        var all = rows.Prepend(header).ToList();
        var widths = header.Select((_, at) => all.Max(row => row[at].Length)).ToList();
        foreach (var row in all)
            context.Out.WriteLine(string.Concat(row.Select((cell, at) => cell.PadRight(widths[at]) + "\t")));
    }
}
