using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>Prints an offset index and holds it against its log.</summary>
internal sealed class OffsetIndexDumper(TextWriter output, DumpLogOptions options, DumpFindings findings)
{
    public void Dump(string file)
    {
        var index = new IndexFileReader(file, 8);
        if (index.Count == 0)
        {
            output.WriteLine($"{file} is empty.");
            return;
        }

        if (options.ChecksIndexSanityOnly)
        {
            index.CheckSize();
            if (index.Offset(index.Count - 1) < index.BaseOffset)
                throw new VerbException($"Corrupt index found, index file ({Path.GetFullPath(file)}) has non-zero size but the last offset is {index.Offset(index.Count - 1)} which is less than the base offset {index.BaseOffset}.");
            output.WriteLine($"{file} passed sanity check.");
            return;
        }

        using var log = new LogFile(index.Sibling(".log"));
        for (var entry = 0; entry < index.Count; entry++)
        {
            // Index files are written ahead in zeros: the first such entry ends them.
            if (index.Offset(entry) == index.BaseOffset && entry > 0)
                return;
            if (!log.TryRead(index.Position(entry), index.Position(entry) + (long)options.MaxMessageSizeInBytes, out var batch))
                throw new VerbException($"{file}: no batch stands at position {index.Position(entry)} of the log");
            if (batch.LastOffset != index.Offset(entry))
                findings.IndexMismatch(file, index.Offset(entry), batch.LastOffset);
            if (!options.VerifiesIndexOnly)
                output.WriteLine($"offset: {index.Offset(entry)} position: {index.Position(entry)}");
        }
    }
}
