using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Verbs.DumpLog.Decoding;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>kafka-dump-log: shows what log, index and snapshot files hold.</summary>
internal sealed class DumpLogVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Shows the contents of log, index and snapshot files, to look into segments that seem corrupt.");
        var print = parser.Flag("print-data-log", "Print the contents of records; goes without saying with a decoder.");
        var verify = parser.Flag("verify-index-only", "Check the index files against the log without printing them.");
        var sanity = parser.Flag("index-sanity-check", "Do only the check that a broker does at start to decide whether an index is built anew.");
        var files = parser.Value("files", "String: file1, file2, ...", "REQUIRED: The files to show, divided by commas.");
        var maxMessage = parser.Value("max-message-size", "Integer: size", "Size of the largest message.", "5242880");
        var maxBytes = parser.Value("max-bytes", "Integer: size", "Most bytes of each log file to read.", "2147483647");
        var deep = parser.Flag("deep-iteration", "Show the records inside batches too; goes without saying with print-data-log.");
        var value = parser.OptionalValue("value-decoder-class", "String", "Decoder of values.", NamedDecoder.DefaultClass);
        var key = parser.OptionalValue("key-decoder-class", "String", "Decoder of keys.", NamedDecoder.DefaultClass);
        var offsets = parser.Flag("offsets-decoder", "Read records as those of __consumer_offsets.");
        var transactions = parser.Flag("transaction-log-decoder", "Read records as those of __transaction_state.");
        var metadata = parser.Flag("cluster-metadata-decoder", "Read records as those of the metadata log.");
        var remote = parser.Flag("remote-log-metadata-decoder", "Read records as those of the topic of remote log metadata.");
        var share = parser.Flag("share-group-state-decoder", "Read records as those of __share_group_state.");
        var skip = parser.Flag("skip-record-metadata", "Print the contents of records alone, and no control records.");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return Task.FromResult(0);
        options.Require(files);
        IRecordDecoder decoder =
            options.Has(offsets) ? new OffsetsDecoder()
            : options.Has(transactions) ? new TransactionLogDecoder()
            : options.Has(metadata) ? new MetadataDecoder()
            : options.Has(remote) ? new RemoteLogMetadataDecoder()
            : options.Has(share) ? new ShareGroupStateDecoder()
            : new NamedDecoder(options.Required(key), options.Required(value));
        var contents = options.Has(print) || options.Has(offsets) || options.Has(transactions) || options.Has(metadata)
            || options.Has(remote) || options.Has(share) || options.Has(value) || options.Has(key);
        Dump(context, options.Required(files).Split(','), new DumpLogOptions
        {
            PrintsContents = contents,
            PrintsRecords = contents || options.Has(deep),
            SkipsRecordMetadata = options.Has(skip),
            VerifiesIndexOnly = options.Has(verify),
            ChecksIndexSanityOnly = options.Has(sanity),
            MaxBytes = options.IntOf(maxBytes),
            MaxMessageSizeInBytes = options.IntOf(maxMessage),
            Decoder = decoder,
        });
        return Task.FromResult(0);
    }

    private static void Dump(VerbContext context, IEnumerable<string> files, DumpLogOptions options)
    {
        var findings = new DumpFindings();
        foreach (var file in files)
        {
            context.Out.WriteLine($"Dumping {file}");
            if (!File.Exists(file))
                throw new VerbException($"{file} (No such file or directory)");
            switch (Path.GetExtension(file))
            {
                case ".log" or ".checkpoint":
                    new LogDumper(context.Out, options, findings).Dump(file);
                    break;
                case ".index":
                    new OffsetIndexDumper(context.Out, options, findings).Dump(file);
                    break;
                case ".timeindex":
                    new TimeIndexDumper(context.Out, options, findings).Dump(file);
                    break;
                case ".snapshot":
                    SnapshotDumper.DumpProducers(file, context.Out, context.Error);
                    break;
                case ".txnindex":
                    SnapshotDumper.DumpAbortedTransactions(file, context.Out);
                    break;
                default:
                    context.Out.Flush();
                    context.Error.WriteLine($"Ignoring unknown file {file}");
                    break;
            }
        }

        context.Out.Flush();
        findings.Print(context.Error);
    }
}
