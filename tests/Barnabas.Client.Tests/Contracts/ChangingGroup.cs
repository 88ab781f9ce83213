using System.Collections.Concurrent;
using Barnabas.Client.Consumer;
using Barnabas.Client.Tests.Support;
using Barnabas.Protocol;

namespace Barnabas.Client.Tests.Contracts;

/// <summary>
/// A group whose members join, leave, stay away too long and come back by chance, while records are produced. Watches
/// that no partition is assigned to two members at once, and that every record is read.
/// </summary>
internal sealed class ChangingGroup(ClusterAddress address, int seed)
{
    private const int Partitions = 6;
    private const int Steps = 25;
    private const int MostMembers = 4;
    private readonly Random _random = new(seed);
    private readonly string _group = ClusterAddress.NewName("changing");
    private readonly ConcurrentDictionary<TopicPartition, string> _owners = new();
    private readonly ConcurrentDictionary<(TopicPartition, long), byte> _read = new();
    private readonly List<Member> _members = [];
    private int _names;

    public ConcurrentQueue<string> Violations { get; } = new();

    public List<string> Missing { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var topics = new[] { await address.NewTopicAsync(Partitions), await address.NewTopicAsync(Partitions) };
        var produced = new Dictionary<TopicPartition, long>();
        for (var step = 0; step < Steps; step++)
        {
            var partition = new TopicPartition(topics[_random.Next(2)], _random.Next(Partitions));
            await address.ProduceAsync(partition, [.. Enumerable.Range(0, 3).Select(number => ((string?)null, (string?)$"{step}-{number}"))]);
            produced[partition] = produced.GetValueOrDefault(partition) + 3;
            await ChangeAsync(topics);
            for (var polls = _random.Next(1, 4); polls > 0; polls--) await PollAsync(cancellationToken);
        }

        if (_members.Count == 0) Add(topics);
        foreach (var member in _members) member.Consumer.Subscribe(topics, member);
        var deadline = Until.TooLate;
        while (!Unread(produced).All(static _ => false) && !deadline.IsCancellationRequested) await PollAsync(cancellationToken);
        Missing.AddRange(Unread(produced));
        if (Missing.Count > 0) await DescribeAsync(produced);
        foreach (var member in _members) await member.Consumer.DisposeAsync();
        if (!_owners.IsEmpty) Violations.Enqueue($"owned after all have left: {string.Join(", ", _owners)}");
    }

    // Where the group stands, so that a failing seed tells something.
    private async Task DescribeAsync(Dictionary<TopicPartition, long> produced)
    {
        await using var outsider = address.NewConsumer(_group);
        var committed = await outsider.CommittedAsync([.. produced.Keys], cancellationToken: Until.TooLate);
        Missing.Add($"committed {string.Join(", ", committed.Select(entry => $"{entry.Key}={entry.Value?.Offset}"))}");
        foreach (var member in _members)
        {
            var positions = new List<string>();
            foreach (var partition in member.Consumer.Assignment) positions.Add($"{partition}={await member.Consumer.PositionAsync(partition, cancellationToken: Until.TooLate)} lag {member.Consumer.CurrentLag(partition)}");
            Missing.Add($"{member.Name} subscribed to {string.Join(", ", member.Consumer.Subscription)} at {string.Join(", ", positions)}");
        }
    }

    private IEnumerable<string> Unread(Dictionary<TopicPartition, long> produced)
    {
        foreach (var (partition, count) in produced)
        {
            for (var offset = 0L; offset < count; offset++)
            {
                if (!_read.ContainsKey((partition, offset))) yield return $"{partition}@{offset}";
            }
        }
    }

    private async Task ChangeAsync(string[] topics)
    {
        switch (_random.Next(4))
        {
            case 0 when _members.Count > 0:
                var leaving = _members[_random.Next(_members.Count)];
                _members.Remove(leaving);
                await leaving.Consumer.DisposeAsync();
                break;
            case 1 when _members.Count > 0:
                var changing = _members[_random.Next(_members.Count)];
                changing.Consumer.Subscribe(_random.Next(2) == 0 ? topics : [topics[_random.Next(2)]], changing);
                break;
            case 2 when _members.Count > 0:
                await _members[_random.Next(_members.Count)].Consumer.UnsubscribeAsync();
                break;
            default:
                if (_members.Count < MostMembers) Add(topics);
                break;
        }
    }

    private void Add(string[] topics)
    {
        var member = new Member(this, $"member-{++_names}", MembershipContract.NewMember(address, _group, options => options with { AutoCommitInterval = TimeSpan.FromMilliseconds(20) }));
        _members.Add(member);
        member.Consumer.Subscribe(topics, member);
    }

    private async Task PollAsync(CancellationToken cancellationToken) => await Task.WhenAll(_members.Where(static member => member.Consumer.Subscription.Count > 0).Select(async member =>
    {
        foreach (var result in await member.Consumer.PollAsync(TimeSpan.FromMilliseconds(30), cancellationToken)) _read[(result.TopicPartition, result.Offset)] = 0;
    }));

    private sealed class Member(ChangingGroup run, string name, Consumer<string?, string?> consumer) : IRebalanceListener
    {
        public string Name { get; } = name;

        public Consumer<string?, string?> Consumer { get; } = consumer;

        public ValueTask OnPartitionsAssignedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
        {
            foreach (var partition in partitions)
            {
                if (!run._owners.TryAdd(partition, Name)) run.Violations.Enqueue($"{partition} assigned to {Name} while {run._owners[partition]} has it");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask OnPartitionsRevokedAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
        {
            foreach (var partition in partitions)
            {
                if (!run._owners.TryRemove(new KeyValuePair<TopicPartition, string>(partition, Name))) run.Violations.Enqueue($"{partition} revoked from {Name}, which does not have it");
            }

            return ValueTask.CompletedTask;
        }
    }
}
