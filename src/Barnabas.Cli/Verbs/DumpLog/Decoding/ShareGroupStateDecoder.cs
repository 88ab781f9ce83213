using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Cli.Verbs.DumpLog.Decoding;

/// <summary>Records of <c>__share_group_state</c>.</summary>
internal sealed class ShareGroupStateDecoder() : CoordinatorDecoder("share group state topic", "type")
{
    protected override ICoordinatorKey? NewKey(short type) => ShareRecordCatalog.NewKey(type);

    protected override ICoordinatorValue? NewValue(short type) => ShareRecordCatalog.NewValue(type);
}
