using System.Collections.Concurrent;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Topics;

/// <summary>Creates the internal topics of Streams applications beside their heartbeats, and remembers what failed until it is tried again. Safe from any thread.</summary>
internal sealed class StreamsInternalTopics(AutoTopicCreation topics)
{
    /// <summary>Failures kept at most; with more, the oldest reports are lost, not the topics.</summary>
    private const int MaxFailures = 1_000;

    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ErrorCode> _failures = new(StringComparer.Ordinal);

    /// <summary>Begins to create those that nobody creates yet.</summary>
    /// <returns>Why topics among these could not be created the last time.</returns>
    public IReadOnlyList<(string Topic, ErrorCode Error)> Begin(IReadOnlyList<CreateTopicsRequest.CreatableTopic> missing, string principal)
    {
        var failed = new List<(string, ErrorCode)>();
        var create = new List<CreateTopicsRequest.CreatableTopic>();
        foreach (var topic in missing)
        {
            if (_failures.TryRemove(topic.Name, out var error))
                failed.Add((topic.Name, error));
            if (_underWay.TryAdd(topic.Name, true))
                create.Add(topic);
        }

        if (create.Count > 0)
            _ = CreateAsync(create, principal);
        return failed;
    }

    private async Task CreateAsync(List<CreateTopicsRequest.CreatableTopic> create, string principal)
    {
        try
        {
            foreach (var (topic, error) in await topics.CreateForAsync(create, principal))
            {
                if (error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
                    Note(topic, error);
            }
        }
        catch (KafkaException e)
        {
            foreach (var topic in create)
                Note(topic.Name, e.ErrorCode);
        }
        finally
        {
            foreach (var topic in create)
                _underWay.TryRemove(topic.Name, out _);
        }
    }

    private void Note(string topic, ErrorCode error)
    {
        if (_failures.Count >= MaxFailures)
            _failures.Clear();
        _failures[topic] = error;
    }
}
