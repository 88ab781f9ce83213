using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Tests;

public sealed class ImageTests
{
    [Fact]
    public void An_image_rebuilt_from_its_records_is_the_same_for_every_seed()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var image = RandomImage(new Random(seed));
            var delta = new MetadataDelta(MetadataImage.Empty);
            foreach (var record in image.ToRecords()) delta.Replay(MetadataRecordSerde.Deserialize(MetadataRecordSerde.Serialize(record)).Record, 0);
            var rebuilt = delta.Apply(image.Provenance);
            Assert.True(Dump(image) == Dump(rebuilt), $"seed {seed}: the snapshot lost something:\n{Dump(image)}\n{Dump(rebuilt)}");
        }
    }

    [Fact]
    public void A_snapshot_over_an_older_image_leaves_nothing_of_it()
    {
        for (var seed = 1; seed <= 100; seed++)
        {
            var old = RandomImage(new Random(seed));
            var wanted = RandomImage(new Random(seed + 10_000));
            var delta = new MetadataDelta(old, fromSnapshot: true);
            foreach (var record in wanted.ToRecords()) delta.Replay(record.Record, 0);
            delta.FinishSnapshot();
            Assert.True(Dump(wanted) == Dump(delta.Apply(wanted.Provenance)), $"seed {seed}: something of the older image is left");
        }
    }

    [Fact]
    public void Records_of_a_transaction_count_from_its_end_and_not_at_all_when_aborted()
    {
        var filter = new TransactionFilter();
        List<(IMetadataRecord Record, long Offset)> visible = [];
        Add(0, new BeginTransactionRecord());
        Add(1, new NoOpRecord());
        Assert.Empty(visible);
        Assert.Equal(0, filter.OpenOffset);
        Add(2, new EndTransactionRecord());
        Assert.Equal([1L], visible.Select(v => v.Offset));
        Add(3, new BeginTransactionRecord());
        Add(4, new NoOpRecord());
        Add(5, new AbortTransactionRecord());
        Add(6, new NoOpRecord());
        Assert.Equal([1L, 6L], visible.Select(v => v.Offset));
        Assert.Throws<InvalidDataException>(() => Add(7, new EndTransactionRecord()));

        void Add(long offset, IMetadataRecord record) => filter.Add(new VersionedRecord(record, 0), offset, visible);
    }

    [Fact]
    public void A_record_that_contradicts_the_state_or_is_unknown_is_refused()
    {
        var delta = new MetadataDelta(MetadataImage.Empty);
        Assert.Throws<InvalidDataException>(() => delta.Replay(new PartitionRecord { PartitionId = 0, TopicId = new Uuid(1, 1) }, 0));
        Assert.Throws<InvalidDataException>(() => delta.Replay(new FenceBrokerRecord { Id = 3 }, 0));
        Assert.Throws<InvalidDataException>(() => MetadataRecordSerde.Deserialize(new byte[] { 1, 99, 0 }));
        Assert.Throws<InvalidDataException>(() => MetadataRecordSerde.Deserialize(new byte[] { 2, 20, 0, 0 }));
        Assert.Throws<InvalidDataException>(() => MetadataRecordSerde.Deserialize(Array.Empty<byte>()));
    }

    private static MetadataImage RandomImage(Random random)
    {
        var image = MetadataImage.Empty;
        for (var round = 0; round < 3; round++)
        {
            var delta = new MetadataDelta(image);
            foreach (var record in RandomRecords(random, image, round)) delta.Replay(record, round);
            image = delta.Apply(new MetadataProvenance(round, 1, 1));
        }
        return image;
    }

    private static IEnumerable<IMetadataRecord> RandomRecords(Random random, MetadataImage image, int round)
    {
        if (round == 0) yield return new FeatureLevelRecord { Name = "metadata.version", FeatureLevel = 30 };
        yield return new FeatureLevelRecord { Name = "group.version", FeatureLevel = (short)random.Next(2) };
        foreach (var topic in image.Topics.ById.Values)
        {
            if (random.Next(3) == 0) yield return new RemoveTopicRecord { TopicId = topic.Id };
            else if (random.Next(2) == 0) yield return new PartitionChangeRecord { TopicId = topic.Id, PartitionId = 0, Isr = [], Leader = -1, EligibleLeaderReplicas = [1], LastKnownElr = [1] };
        }
        for (var i = random.Next(5); i > 0; i--)
        {
            var id = Uuid.Random(random);
            var name = $"t{round}-{i}";
            yield return new TopicRecord { Name = name, TopicId = id };
            yield return new ConfigRecord { ResourceType = 2, ResourceName = name, Name = "retention.ms", Value = $"{random.Next(9)}" };
            for (var p = 0; p <= random.Next(4); p++)
            {
                yield return new PartitionRecord
                {
                    TopicId = id,
                    PartitionId = p,
                    Replicas = [1, 2],
                    Isr = [1],
                    Leader = 1,
                    LeaderEpoch = random.Next(5),
                    PartitionEpoch = random.Next(5),
                    Directories = [Uuid.Random(random), Uuid.Random(random)],
                    LeaderRecoveryState = (sbyte)random.Next(2),
                };
            }
        }
        yield return new ConfigRecord { ResourceType = 4, ResourceName = "", Name = "log.retention.ms", Value = random.Next(2) == 0 ? null : "5" };
        var broker = random.Next(3);
        yield return new RegisterBrokerRecord { BrokerId = broker, BrokerEpoch = round, IncarnationId = Uuid.Random(random), LogDirs = [Uuid.Random(random)], CordonedLogDirs = random.Next(2) == 0 ? null : [] };
        if (random.Next(2) == 0) yield return new BrokerRegistrationChangeRecord { BrokerId = broker, BrokerEpoch = round, Fenced = -1 };
        yield return new ProducerIdsRecord { BrokerId = 1, BrokerEpoch = 2, NextProducerId = random.Next(5) * 1000 };
        yield return new ClientQuotaRecord
        {
            Entity = [new() { EntityType = "user", EntityName = random.Next(2) == 0 ? null : "alice" }],
            Key = "producer_byte_rate",
            Value = random.Next(9),
            Remove = random.Next(3) == 0,
        };
        yield return new AccessControlEntryRecord { Id = new Uuid(1, random.Next(4)), ResourceType = 2, ResourceName = "t", PatternType = 3, Principal = "User:a", Host = "*", Operation = 3, PermissionType = 3 };
        yield return new UserScramCredentialRecord { Name = $"u{random.Next(3)}", Mechanism = 1, Salt = new byte[] { 1 }, StoredKey = new byte[] { 2 }, ServerKey = new byte[] { 3 }, Iterations = 4096 };
        yield return new DelegationTokenRecord { TokenId = $"{random.Next(3)}", Owner = "User:o", Requester = "User:r" };
        yield return new RegisterControllerRecord { ControllerId = random.Next(2), IncarnationId = Uuid.Random(random) };
    }

    /// <summary>All an image says, in an order of its own.</summary>
    private static string Dump(MetadataImage image) => string.Join('\n', image.ToRecords()
        .Select(r => $"{r.Record.RecordType} {r.Version} {Convert.ToHexString(MetadataRecordSerde.Serialize(r))}").Order(StringComparer.Ordinal));
}
