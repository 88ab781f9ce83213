namespace Barnabas.Client.Metadata;

/// <summary>The topics whose metadata is kept up to date: by name, or all. Thread-safe.</summary>
internal sealed class TrackedTopics(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _usedTimestamps = new(StringComparer.Ordinal);
    private readonly HashSet<string> _pinned = new(StringComparer.Ordinal);

    public bool All { get; set; }

    /// <summary>Returns true when the topic was not tracked.</summary>
    public bool Touch(string topic)
    {
        lock (_gate)
        {
            var isNew = !_usedTimestamps.ContainsKey(topic) && !_pinned.Contains(topic);
            _usedTimestamps[topic] = time.GetTimestamp();
            return isNew;
        }
    }

    /// <summary>Tracks exactly these, besides the ones that were touched lately. Returns true when one was not tracked.</summary>
    public bool Pin(IEnumerable<string> topics)
    {
        lock (_gate)
        {
            var before = _pinned.ToHashSet(StringComparer.Ordinal);
            _pinned.Clear();
            var added = false;
            foreach (var topic in topics)
            {
                _pinned.Add(topic);
                added |= !before.Contains(topic) && !_usedTimestamps.ContainsKey(topic);
            }

            return added;
        }
    }

    public void Forget(string topic)
    {
        lock (_gate) _usedTimestamps.Remove(topic);
    }

    public List<string> List(TimeSpan maxIdle)
    {
        lock (_gate)
        {
            foreach (var (topic, used) in _usedTimestamps)
            {
                if (time.GetElapsedTime(used) > maxIdle) _usedTimestamps.Remove(topic);
            }

            var topics = new List<string>(_pinned);
            foreach (var topic in _usedTimestamps.Keys)
            {
                if (!_pinned.Contains(topic)) topics.Add(topic);
            }

            return topics;
        }
    }
}
