using Barnabas.Protocol.Records;
using Barnabas.Raft.Log;
using Barnabas.Raft.Quorum;
using Barnabas.Raft.Snapshots;

namespace Barnabas.Raft.Driver;

/// <content>What an earlier run left: snapshots, the voters they and the log name, and whether this node can take part.</content>
public sealed partial class RaftDriver
{
    private void Load()
    {
        _disk.CreateDirectory(_options.LogDirectory);
        SnapshotFiles.DeleteLeftovers(_disk, _options.LogDirectory);
        _snapshots.Load();
        var latest = _snapshots.Latest;
        if (latest is { } ahead && ahead.Offset > _log.EndOffset)
        {
            RaftDriverLog.LogBehindSnapshot(_logger, ahead, _log.EndOffset);
            _log.TruncateFullyAndStartAt(ahead.Offset);
        }
        if (latest is { } id)
        {
            var snapshot = _snapshots.Read(id);
            var at = id == OffsetAndEpoch.Bootstrap ? VoterSetHistory.BootstrapOffset : id.Offset - 1;
            if (snapshot.KRaftVersion > 0) _history.AddVersion(at, snapshot.KRaftVersion);
            if (snapshot.Voters is { } voters) _history.AddVoters(at, voters);
        }
        else if (_log.StartOffset > 0)
        {
            throw new InvalidDataException(
                $"The metadata log in {_options.LogDirectory} starts at offset {_log.StartOffset}, but there is no snapshot of what was before.");
        }
        ReadControlRecords(Math.Max(_log.StartOffset, latest?.Offset ?? 0));

        RaftDriverLog.Opened(
            _logger, _options.NodeId, _log.StartOffset, _log.EndOffset, _snapshots.Count, latest,
            _history.Latest.Voters.Count, _history.KRaftVersion);
        CheckQuorum();
    }

    private void ReadControlRecords(long from)
    {
        for (var offset = from; offset < _log.EndOffset;)
        {
            var bytes = _log.Read(offset, MaxReadBytes);
            if (bytes.IsEmpty) break;
            foreach (var batch in RecordBatches.EnumerateComplete(bytes))
            {
                if (batch.IsControl)
                {
                    foreach (var record in batch.Records(_decompression)) KRaftControl.Apply(record, record.Offset, _history);
                }
                offset = batch.NextOffset;
            }
        }
    }

    private void CheckQuorum()
    {
        var voters = _history.Latest;
        if (voters.Voters.Count == 0)
        {
            throw new RaftConfigurationException(
                "There is no quorum: set controller.quorum.voters, or format the directory with --standalone.");
        }
        if (voters.IsOnlyVoter(_node.Self)) return;
        if (voters.Voters.Count == 1 && voters.Voters.ContainsKey(_node.Self.Id))
        {
            throw new RaftConfigurationException(
                $"Node {_node.Self.Id} is the quorum's voter with directory {voters.Voters[_node.Self.Id].Key.DirectoryId}, " +
                $"but its metadata log is in directory {_node.Self.DirectoryId}.");
        }
        throw new RaftConfigurationException(
            $"The quorum's voters are {string.Join(", ", voters.Voters.Keys)}: a quorum other than this node ({_node.Self.Id}) alone is not supported yet.");
    }
}
