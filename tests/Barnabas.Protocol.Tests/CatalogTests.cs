using Barnabas.Protocol.Features;
using Barnabas.Protocol.Messages;

namespace Barnabas.Protocol.Tests;

public class CatalogTests
{
    [Fact]
    public void Every_API_makes_its_own_request_and_response()
    {
        Assert.Equal(89, ApiCatalog.All.Count);
        foreach (var api in ApiCatalog.All)
        {
            Assert.Equal(api.Name + "Request", api.NewRequest().GetType().Name);
            Assert.Equal(api.Name + "Response", api.NewResponse().GetType().Name);
            Assert.Equal((api.Key, api.LowestVersion, api.HighestVersion), (api.NewRequest().ApiKey, api.NewRequest().LowestVersion, api.NewRequest().HighestVersion));
            Assert.NotEqual(ApiListeners.None, api.Listeners);
        }
    }

    [Theory]
    [InlineData(ApiKey.Produce, 8, 1, 0)]
    [InlineData(ApiKey.Produce, 9, 2, 1)]
    [InlineData(ApiKey.ApiVersions, 2, 1, 0)]
    [InlineData(ApiKey.ApiVersions, 3, 2, 0)]
    [InlineData(ApiKey.SaslHandshake, 1, 1, 0)]
    public void Headers_follow_the_flexibility_of_the_version(ApiKey key, short version, short request, short response)
    {
        var api = ApiCatalog.Get(key);
        Assert.Equal((request, response), (api.RequestHeaderVersion(version), api.ResponseHeaderVersion(version)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(93)]
    [InlineData(short.MaxValue)]
    public void An_unknown_API_is_not_found(short key)
    {
        Assert.False(ApiCatalog.TryGet((ApiKey)key, out _));
        Assert.Throws<UnsupportedVersionException>(() => ApiCatalog.Get((ApiKey)key));
    }

    [Fact]
    public void Errors_are_those_of_Apache_Kafka()
    {
        Assert.Equal((short)3, (short)ErrorCode.UnknownTopicOrPartition);
        Assert.Equal("This server does not host this topic-partition.", ErrorCodes.Message(ErrorCode.UnknownTopicOrPartition));
        Assert.Equal("UNKNOWN_TOPIC_OR_PARTITION", ErrorCodes.Name(ErrorCode.UnknownTopicOrPartition));
        Assert.Equal("org.apache.kafka.common.errors.UnknownTopicOrPartitionException", ErrorCodes.ExceptionClass(ErrorCode.UnknownTopicOrPartition));
        Assert.True(ErrorCodes.IsRetriable(ErrorCode.NotLeaderOrFollower));
        Assert.False(ErrorCodes.IsRetriable(ErrorCode.None));
        Assert.Equal(ErrorCode.UnknownServerError, ErrorCodes.FromCode(9999));
        Assert.Equal(ErrorCode.UnknownServerError, ErrorCodes.FromCode(-7));
        foreach (var code in Enum.GetValues<ErrorCode>())
            Assert.Equal(code, ErrorCodes.FromCode((short)code));
    }

    [Fact]
    public void Metadata_versions_are_found_by_name_release_and_level()
    {
        Assert.True(MetadataVersion.TryParse("4.0", out var release));
        Assert.Equal("4.0-IV3", release.Name);
        Assert.True(MetadataVersion.TryParse("3.9.1", out var patch));
        Assert.Equal("3.9-IV0", patch.Name);
        Assert.True(MetadataVersion.TryParse("3.7-IV2", out var exact));
        Assert.Equal(17, exact.Level);
        Assert.True(MetadataVersion.TryFromLevel(30, out var level));
        Assert.Same(MetadataVersion.LatestProduction, level);
        Assert.False(MetadataVersion.TryParse("2.8", out _));
        Assert.False(MetadataVersion.TryParse("", out _));
        Assert.False(MetadataVersion.TryFromLevel(99, out _));
    }

    [Theory]
    [InlineData("transaction.version", "4.0-IV1", 0)]
    [InlineData("transaction.version", "4.0-IV2", 2)]
    [InlineData("group.version", "4.0-IV0", 1)]
    [InlineData("streams.version", "4.2-IV0", 0)]
    public void Features_start_at_the_level_of_the_metadata_version(string name, string version, short level)
    {
        Assert.True(Feature.TryGet(name, out var feature));
        Assert.True(MetadataVersion.TryParse(version, out var metadata));
        Assert.Equal(level, feature.DefaultLevel(metadata));
    }

    [Fact]
    public void Metadata_records_travel_in_their_frame()
    {
        using var writer = new MessageWriter();
        MetadataRecordFrame.Write(writer, new TopicRecord { Name = "a", TopicId = Uuid.One }, 0);
        var bytes = writer.ToArray();
        Assert.Equal([1, 2, 0], bytes[..3]);
        var record = Assert.IsType<TopicRecord>(MetadataRecordFrame.Read(bytes, out var version));
        Assert.Equal(("a", Uuid.One, (short)0), (record.Name, record.TopicId, version));
        Assert.Throws<MalformedMessageException>(() => MetadataRecordFrame.Read((byte[])[.. bytes, 0], out _));
        Assert.Throws<MalformedMessageException>(() => MetadataRecordFrame.Read(new byte[] { 2, 2, 0 }, out _));
        Assert.Throws<UnsupportedVersionException>(() => MetadataRecordFrame.Read(new byte[] { 1, 100, 0 }, out _));
    }

    [Fact]
    public void Coordinator_records_travel_with_their_type_and_version()
    {
        using var writer = new MessageWriter();
        CoordinatorRecordFrame.WriteKey(writer, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 3 });
        var key = writer.ToArray();
        Assert.Equal("00010001670001740000" + "0003", Convert.ToHexStringLower(key));
        var type = CoordinatorRecordFrame.ReadType(key);
        var read = Assert.IsType<OffsetCommitKey>(GroupRecordCatalog.NewKey(type));
        CoordinatorRecordFrame.ReadKey(key, read);
        Assert.Equal(("g", "t", 3), (read.Group, read.Topic, read.Partition));

        writer.Reset();
        CoordinatorRecordFrame.WriteValue(writer, new OffsetCommitValue { Offset = 5, Metadata = "m" }, 3);
        var value = Assert.IsType<OffsetCommitValue>(GroupRecordCatalog.NewValue(type));
        Assert.Equal(3, CoordinatorRecordFrame.ReadValue(writer.ToArray(), value));
        Assert.Equal((5L, "m"), (value.Offset, value.Metadata));
        Assert.Null(GroupRecordCatalog.NewKey(9));
    }
}
