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
    public void Assignments_are_those_of_Apache_Kafka(string name) => Assert.Equal(120, Compare("assignments.txt", name));

    [Theory]
    [InlineData("range")]
    [InlineData("sticky")]
    [InlineData("cooperative-sticky")]
    public void Assignments_within_racks_are_those_of_Apache_Kafka(string name) => Assert.Equal(120, Compare("rack-assignments.txt", name));

    private static int Compare(string file, string name)
    {
        var compared = 0;
        var number = 0;
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Consumer", "golden", file)))
        {
            number++;
            var golden = GoldenCase.Parse(line);
            if (golden.Assignor != name) continue;
            var outcome = AssignorCatalog.Resolve([name])[0].Assign(golden.Counts, golden.Racks, golden.Members);
            Assert.Equal(golden.Given.Keys.Order(), outcome.Keys.Order());
            foreach (var (member, expected) in golden.Given)
            {
                var given = ConsumerProtocol.Partitions(outcome[member]).OrderBy(one => one.Topic, StringComparer.Ordinal).ThenBy(one => one.Partition);
                Assert.True(expected.SequenceEqual(given), $"line {number}, member {member}: Kafka gives [{string.Join(", ", expected)}], Barnabas [{string.Join(", ", given)}]");
            }

            compared++;
        }

        return compared;
    }

    private sealed record GoldenCase(string Assignor, Dictionary<string, int> Counts, Dictionary<TopicPartition, IReadOnlySet<string>> Racks, Dictionary<string, MemberSubscription> Members, Dictionary<string, List<TopicPartition>> Given)
    {
        public static GoldenCase Parse(string line)
        {
            var golden = new GoldenCase("", [], [], [], []);
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
                    case ["topic", var topic, var count, var racks]:
                        golden.Counts.Add(topic, int.Parse(count));
                        foreach (var (number, names) in racks.Split(',').Index()) golden.Racks.Add(new TopicPartition(topic, number), names is "-" ? new HashSet<string>() : names.Split('+').ToHashSet());
                        break;
                    case ["member", var id, var instance, var generation, var topics, var owned, var userData, .. var rack]:
                        golden.Members.Add(id, new MemberSubscription(
                            List(topics), Partitions(owned), int.Parse(generation) is >= 0 and var known ? known : null, instance is "-" ? null : instance, userData is "-" ? null : Convert.FromBase64String(userData),
                            rack is [not "-"] ? rack[0] : null));
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
