using Barnabas.Cli.Verbs.DumpLog.Decoding;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>What to print of log files.</summary>
internal sealed record DumpLogOptions
{
    public required bool PrintsRecords { get; init; }

    public required bool PrintsContents { get; init; }

    public required bool SkipsRecordMetadata { get; init; }

    public required bool VerifiesIndexOnly { get; init; }

    public required bool ChecksIndexSanityOnly { get; init; }

    /// <summary>Most bytes of each log file that are read.</summary>
    public required int MaxBytes { get; init; }

    /// <summary>Largest batch, in bytes, that is looked for behind an index entry.</summary>
    public required int MaxMessageSizeInBytes { get; init; }

    public required IRecordDecoder Decoder { get; init; }
}
