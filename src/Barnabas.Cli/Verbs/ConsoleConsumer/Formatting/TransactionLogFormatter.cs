using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.ConsoleConsumer.Formatting;

/// <summary>Transactions of <c>__transaction_state</c>.</summary>
internal sealed class TransactionLogFormatter : CoordinatorFormatter
{
    protected override bool Takes(short type) => type == 0;

    protected override ICoordinatorKey? NewKey(short type) => TransactionRecordCatalog.NewKey(type);

    protected override ICoordinatorValue? NewValue(short type) => TransactionRecordCatalog.NewValue(type);
}
