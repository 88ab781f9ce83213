using Barnabas.Coordination.Groups;
using Barnabas.Protocol;

namespace Barnabas.Coordination.Tests.Support;

/// <summary>Topics that a test makes up.</summary>
internal sealed class TestTopics : IGroupTopics
{
    private readonly Dictionary<string, GroupTopic> _topics = [];

    public long Version { get; private set; }

    public IEnumerable<string> Names => _topics.Keys;

    public Uuid Create(string name, int partitions)
    {
        var id = Uuid.Random(new Random(name.Sum(character => character) + (int)Version));
        _topics[name] = new GroupTopic(name, _topics.TryGetValue(name, out var known) ? known.Id : id, partitions);
        Version++;
        return _topics[name].Id;
    }

    public void Delete(string name)
    {
        _topics.Remove(name);
        Version++;
    }

    public bool TryGet(string name, out GroupTopic topic) => _topics.TryGetValue(name, out topic);

    public bool TryGet(Uuid id, out GroupTopic topic)
    {
        topic = _topics.Values.FirstOrDefault(one => one.Id == id);
        return topic.Name is not null;
    }

    public string? GroupConfig(string groupId, string key) => null;
}
