using Barnabas.Coordination.Groups;

namespace Barnabas.Coordination.Tests.Groups;

public sealed class GroupPartitionerTests
{
    [Theory]
    [InlineData("", 50, 0)]
    [InlineData("a", 50, 47)] // 97
    [InlineData("test-group", 50, 12)]
    [InlineData("polygenelubricants", 50, 0)] // hashCode is Integer.MIN_VALUE
    [InlineData("console-consumer-12345", 50, 6)]
    [InlineData("grüße-消費者", 50, 20)]
    public void A_group_belongs_to_the_partition_Kafka_puts_it_in(string groupId, int partitions, int expected) =>
        Assert.Equal(expected, GroupPartitioner.PartitionFor(groupId, partitions));
}
