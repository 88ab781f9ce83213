using Barnabas.Broker.Tests.Support;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Requests;

public sealed class ApiVersionsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_version_lists_produce_from_0(short version)
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var response = await raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "raw", ClientSoftwareVersion = "1.0" }, version);

        var produce = response.ApiKeys.Single(a => a.ApiKey == (short)ApiKey.Produce);
        Assert.Equal((0, 13), (produce.MinVersion, produce.MaxVersion));
        Assert.Equal(response.ApiKeys.Select(a => a.ApiKey).Order(), response.ApiKeys.Select(a => a.ApiKey));
    }

    [Fact]
    public async Task Versions_that_Kafka_dropped_are_served_but_not_advertised()
    {
        await using var broker = await Brokers.StartAsync();
        await using var words = await TopicClient.CreateAsync(broker);

        var ranges = await words.Raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "raw", ClientSoftwareVersion = "1.0" }, 4);
        var answer = await words.ListOffsetAsync(-1, version: 0);

        Assert.Equal(1, ranges.ApiKeys.Single(a => a.ApiKey == (short)ApiKey.ListOffsets).MinVersion);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
    }

    [Fact]
    public async Task A_version_from_the_future_is_answered_in_version_0_with_our_range()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);
        // Header of version 2: key 18, version 99, correlation id 7, client id null, no tags; then a body nobody knows.
        await raw.SendBytesAsync([0, 0, 0, 14, 0, 18, 0, 99, 0, 0, 0, 7, 0xff, 0xff, 0, 1, 2, 3]);

        var frame = await raw.ReceiveFrameAsync();
        var reader = new MessageReader(frame);
        new ResponseHeader().Read(ref reader, 0);
        var response = new ApiVersionsResponse();
        response.Read(ref reader, 0);

        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        Assert.Equal((18, 0, 4), (Assert.Single(response.ApiKeys).ApiKey, response.ApiKeys[0].MinVersion, response.ApiKeys[0].MaxVersion));
    }

    [Fact]
    public async Task Features_are_told_with_the_finalized_levels()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var response = await raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "raw", ClientSoftwareVersion = "1.0" }, 4);

        var supported = response.SupportedFeatures.Single(f => f.Name == "metadata.version");
        var finalized = response.FinalizedFeatures.Single(f => f.Name == "metadata.version");
        Assert.InRange(finalized.MaxVersionLevel, supported.MinVersion, supported.MaxVersion);
        Assert.True(response.FinalizedFeaturesEpoch >= 0);
    }

    [Fact]
    public async Task A_software_name_of_odd_characters_is_an_invalid_request()
    {
        await using var broker = await Brokers.StartAsync();
        await using var raw = await RawClient.ConnectAsync(broker);

        var response = await raw.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "a b", ClientSoftwareVersion = "1.0" }, 3);

        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
    }
}
