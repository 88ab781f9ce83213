using Barnabas.Protocol;
using Barnabas.Protocol.Records;

namespace Barnabas.Cli.Verbs.Replication;

/// <summary>What the replicas of one partition gave from one offset on, batch by batch.</summary>
internal sealed class ReplicaComparison(TopicPartition partition, IReadOnlyList<int> replicas)
{
    private readonly Dictionary<int, (IReadOnlyList<RecordBatch> Batches, long HighWatermark)> _read = [];

    public TopicPartition Partition => partition;

    public IReadOnlyList<int> Replicas => replicas;

    /// <summary>Up to here all replicas were compared.</summary>
    public long Offset { get; set; }

    /// <summary>Committed records that were not compared yet.</summary>
    public long Lag { get; private set; }

    /// <summary>Takes what one replica has from <see cref="Offset"/> on. Calls for different replicas may come at once.</summary>
    public void Take(int replica, ReadOnlyMemory<byte> records, long highWatermark)
    {
        lock (_read)
            _read[replica] = ([.. RecordBatches.EnumerateComplete(records.ToArray())], highWatermark);
    }

    /// <summary>Compares as far as all replicas have batches, forgets what was read, and says what differs.</summary>
    public IEnumerable<string> Compare()
    {
        List<string> differences = [];
        // A replica that could not be read is waited for.
        if (_read.Count == replicas.Count)
        {
            var highest = _read.Values.Max(read => read.HighWatermark);
            var count = _read.Values.Min(read => read.Batches.Count);
            var first = replicas[0];
            for (var at = 0; at < count; at++)
            {
                var expected = _read[first].Batches[at];
                foreach (var replica in replicas.Skip(1))
                {
                    var found = _read[replica].Batches[at];
                    if (found.LastOffset != expected.LastOffset)
                        differences.Add($"partition {partition}: replica {first}'s offset {expected.LastOffset} doesn't match replica {replica}'s offset {found.LastOffset}");
                    else if (found.Crc != expected.Crc)
                        differences.Add($"partition {partition} has unmatched checksum at offset {expected.LastOffset}; replica {first}'s checksum {expected.Crc}; replica {replica}'s checksum {found.Crc}");
                }
                Offset = expected.NextOffset;
                if (differences.Count > 0)
                    break;
            }
            Lag = Math.Max(0, highest - Offset);
        }
        _read.Clear();
        return differences;
    }
}
