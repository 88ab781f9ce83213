using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Committed offsets of <c>__consumer_offsets</c>.</summary>
internal sealed class OffsetsFormatter : CoordinatorFormatter
{
    protected override bool Takes(short type) => type is 0 or 1;

    protected override ICoordinatorKey? NewKey(short type) => GroupRecordCatalog.NewKey(type);

    protected override ICoordinatorValue? NewValue(short type) => GroupRecordCatalog.NewValue(type);
}
