using Barnabas.Client.Consumer.Assignors;
using Barnabas.Client.Consumer.Membership;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Consumer;

/// <summary>What Apache Kafka's assignors decided in groups that change from round to round; <c>tests/golden/GoldenAssignments.java</c> wrote it down.</summary>
public sealed class GoldenAssignmentTests
{
    [Theory]
    [InlineData("range")]
    [InlineData("roundrobin")]
    [InlineData("sticky")]
    [InlineData("cooperative-sticky")]
    public void Assignments_are_those_of_Apache_Kafka(string name)
    {
        var compared = 0;
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Consumer", "golden", "assignments.txt")))
        {
            number++;
            var golden = GoldenCase.Parse(line);
            if (golden.Assignor != name) continue;
            var outcome = AssignorCatalog.Resolve([name])[0].Assign(golden.Counts, golden.Members);
            Assert.Equal(golden.Given.Keys.Order(), outcome.Keys.Order());
            foreach (var (member, expected) in golden.Given)
            {
                var given = ConsumerProtocol.Partitions(outcome[member]).OrderBy(one => one.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition);
                Assert.True(expected.SequenceEqual(given), $"line {number}, member {member}: Kafka gives [{string.Join(", ", expected)}], Barnabas [{string.Join(", ", given)}]");
            }

            compared++;
        }

        Assert.Equal(120, compared);
    }

    private sealed record GoldenCase(string Assignor, Dictionary<string, int> Counts, Dictionary<string, MemberSubscription> Members, Dictionary<string, List<TopicPartition>> Given)
    {
        public static GoldenCase Parse(string line)
        {
            var golden = new GoldenCase("", [], [], []);
            foreach (var part in line.Split(" | "))
            {
                switch (part.Split(' '))
                {
                    case ["case", var assignor]:
                        golden = golden with { Assignor = assignor };
                        break;
                    case ["topic", var topic, var count]:
                        golden.Counts.Add(topic, int.Parse(count));
                        break;
                    case ["member", var id, var instance, var generation, var topics, var owned, var userData]:
                        golden.Members.Add(id, new MemberSubscription(
                            List(topics), Partitions(owned), int.Parse(generation) is >= 0 and var known ? known : null, instance is "-" ? null : instance, userData is "-" ? null : Convert.FromBase64String(userData)));
                        break;
                    case ["given", var id, var partitions]:
                        golden.Given.Add(id, Partitions(partitions));
                        break;
                    default:
                        throw new InvalidDataException(part);
                }
            }

            return golden;
        }

        private static string[] List(string text) => text is "-" ? [] : text.Split(',');

        private static List<TopicPartition> Partitions(string text) => [.. List(text).Select(one =>
        {
            var dash = one.LastIndexOf('-');
            return new TopicPartition(one[..dash], int.Parse(one[(dash + 1)..]));
        })];
    }
}
