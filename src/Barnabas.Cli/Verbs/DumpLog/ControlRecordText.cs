using Barnabas.Cli.Framework;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.DumpLog;

/// <summary>How a control record is shown.</summary>
internal static class ControlRecordText
{
    public static string Of(RecordView record)
    {
        var type = ControlRecords.ReadType(record.KeyBytes.Span);
        switch (type)
        {
            case ControlRecordType.Abort or ControlRecordType.Commit:
                var marker = EndTransactionMarker.Read(record);
                return $" endTxnMarker: {(marker.IsCommit ? "COMMIT" : "ABORT")} coordinatorEpoch: {marker.CoordinatorEpoch}";
            case ControlRecordType.SnapshotHeader:
                return " SnapshotHeader " + Json(record, new SnapshotHeaderRecord());
            case ControlRecordType.SnapshotFooter:
                return " SnapshotFooter " + Json(record, new SnapshotFooterRecord());
            case ControlRecordType.KRaftVersion:
                return " KRaftVersion " + Json(record, new KRaftVersionRecord());
            case ControlRecordType.KRaftVoters:
                return " KRaftVoters " + Json(record, new VotersRecord());
            default:
                var name = type == ControlRecordType.LeaderChange ? "LEADER_CHANGE" : "UNKNOWN";
                return $" controlType: {name}({ControlRecords.ReadTypeId(record.KeyBytes.Span)})";
        }
    }

    private static string Json(RecordView record, IMessage message)
    {
        // Each of these messages begins with the version it was written at, and has had one version only.
        var reader = new MessageReader(record.ValueBytes);
        message.Read(ref reader, message.LowestVersion);
        return JsonText.Of(json => message.WriteJson(json, message.LowestVersion));
    }
}
