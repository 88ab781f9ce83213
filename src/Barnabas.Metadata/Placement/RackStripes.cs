namespace Barnabas.Metadata.Placement;

/// <summary>The racks of a cluster, and whose turn it is in each.</summary>
internal sealed class RackStripes
{
    private readonly Random _random;
    private readonly List<Rack> _racks = [];
    private int _epoch;
    private int _offset;

    internal RackStripes(Random random, IEnumerable<UsableBroker> brokers)
    {
        _random = random;
        foreach (var group in brokers.GroupBy(b => b.Rack).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var available = group.Where(b => !b.Fenced).Select(b => b.Id).Order().ToArray();
            var fenced = group.Where(b => b.Fenced).Select(b => b.Id).Order().ToArray();
            _racks.Add(new Rack(new Stripe(available, random), new Stripe(fenced, random)));
            AvailableBrokers += available.Length;
            TotalBrokers += available.Length + fenced.Length;
        }
        _offset = _racks.Count == 0 ? 0 : random.Next(_racks.Count);
    }

    internal int TotalBrokers { get; }

    internal int AvailableBrokers { get; }

    /// <summary>The replicas of the next partition. The caller has checked that there are enough brokers.</summary>
    internal List<int> Next(int replicationFactor)
    {
        // With a single available broker there is nothing to shuffle, and the epoch must go on rising.
        if (_epoch == AvailableBrokers && AvailableBrokers > 1)
        {
            Shuffle();
            _epoch = 0;
        }
        if (_offset == _racks.Count) _offset = 0;

        var replicas = new List<int>(replicationFactor);
        var leaderRack = _offset;
        int leader;
        while ((leader = _racks[leaderRack].Available.Next(_epoch)) < 0) leaderRack = (leaderRack + 1) % _racks.Count;
        replicas.Add(leader);

        var rack = _offset;
        while (replicas.Count < replicationFactor)
        {
            var broker = -1;
            // The leader's rack is passed over once: it has given its replica already.
            if (rack == leaderRack) leaderRack = -1;
            else broker = _racks[rack].Next(_epoch);
            rack = (rack + 1) % _racks.Count;
            if (broker >= 0) replicas.Add(broker);
        }
        _epoch++;
        _offset++;
        return replicas;
    }

    private void Shuffle()
    {
        var order = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_racks);
        _random.Shuffle(order);
        foreach (var rack in _racks)
        {
            rack.Available.Shuffle(_random);
            rack.Fenced.Shuffle(_random);
        }
    }

    private sealed record Rack(Stripe Available, Stripe Fenced)
    {
        internal int Next(int epoch)
        {
            var broker = Available.Next(epoch);
            return broker >= 0 ? broker : Fenced.Next(epoch);
        }
    }

    /// <summary>The brokers of one kind in a rack; each epoch begins one further.</summary>
    private sealed class Stripe(int[] brokers, Random random)
    {
        private int _offset = brokers.Length == 0 ? 0 : random.Next(brokers.Length);
        private int _index;
        private int _epoch;

        internal int Next(int epoch)
        {
            if (brokers.Length == 0) return -1;
            if (_epoch != epoch)
            {
                _epoch = epoch;
                _index = 0;
                _offset = (_offset + 1) % brokers.Length;
            }
            if (_index >= brokers.Length) return -1;
            return brokers[(_index++ + _offset) % brokers.Length];
        }

        internal void Shuffle(Random source) => source.Shuffle(brokers);
    }
}
