using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Classic groups of <c>__consumer_offsets</c>.</summary>
internal sealed class GroupMetadataFormatter : CoordinatorFormatter
{
    protected override bool Takes(short type) => type == 2;

    protected override ICoordinatorKey? NewKey(short type) => GroupRecordCatalog.NewKey(type);

    protected override ICoordinatorValue? NewValue(short type) => GroupRecordCatalog.NewValue(type);
}
