using Barnabas.Broker.Quotas;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Tests.Quotas;

public sealed class QuotaTableTests
{
    // In Kafka's order of precedence; the value is the place in it.
    private static readonly (string? User, bool HasUser, string? Client, bool HasClient)[] Places =
    [
        ("u", true, "c", true), ("u", true, null, true), ("u", true, null, false), (null, true, "c", true), (null, true, null, true),
        (null, true, null, false), (null, false, "c", true), (null, false, null, true),
    ];

    [Fact]
    public void The_nearest_quota_holds_in_Kafkas_order()
    {
        for (var first = 0; first < Places.Length; first++)
        {
            var match = Table(Enumerable.Range(first, Places.Length - first)).Find("u", "c");
            Assert.Equal(first + 1, match.Limit);
        }
    }

    [Theory]
    [InlineData(0, "u", "c")]
    [InlineData(1, "u", "c")]
    [InlineData(2, "u", "")]
    [InlineData(3, "u", "c")]
    [InlineData(5, "u", "")]
    [InlineData(6, "", "c")]
    [InlineData(7, "", "c")]
    public void Who_shares_a_limit_is_told_by_what_it_was_set_for(int place, string user, string client)
    {
        var match = Table([place]).Find("u", "c");
        Assert.Equal((user, client), (match.User, match.ClientId));
    }

    [Fact]
    public void Without_a_quota_there_is_no_limit()
    {
        Assert.True(Table([]).Find("u", "c").IsUnlimited);
        Assert.True(Table([0, 1, 2, 6]).Find("other", "another").IsUnlimited);
        Assert.True(Table([]).IsEmpty);
    }

    private static QuotaTable Table(IEnumerable<int> places)
    {
        var delta = new MetadataDelta(MetadataImage.Empty);
        foreach (var place in places)
        {
            var (user, hasUser, client, hasClient) = Places[place];
            var record = new ClientQuotaRecord { Key = ClientQuotaKeys.ProducerByteRate, Value = place + 1 };
            if (hasUser)
                record.Entity.Add(new() { EntityType = "user", EntityName = user });
            if (hasClient)
                record.Entity.Add(new() { EntityType = "client-id", EntityName = client });
            delta.Replay(record, 0);
        }
        return new QuotaTable(delta.Apply(new MetadataProvenance(0, 0, 0)).ClientQuotas, ClientQuotaKeys.ProducerByteRate);
    }
}
