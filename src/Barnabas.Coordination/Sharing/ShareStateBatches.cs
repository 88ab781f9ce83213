namespace Barnabas.Coordination.Sharing;

/// <summary>Lays new batches of a share partition's state over those there are.</summary>
internal static class ShareStateBatches
{
    private static readonly Comparer<int> Descending = Comparer<int>.Create((a, b) => b.CompareTo(a));

    /// <summary>The batches in order, none overlapping another, neighbours that stand alike as one. Of an offset in several, the one with most deliveries counts.</summary>
    /// <param name="current">What there is.</param>
    /// <param name="added">What comes on top.</param>
    /// <param name="startOffset">What lies below is dropped; -1 drops nothing.</param>
    public static List<ShareStateBatch> Combine(IReadOnlyList<ShareStateBatch> current, IReadOnlyList<ShareStateBatch> added, long startOffset)
    {
        var sorted = new List<ShareStateBatch>(current.Count + added.Count);
        Retain(current, startOffset, sorted);
        Retain(added, startOffset, sorted);
        sorted.Sort((a, b) => a.FirstOffset.CompareTo(b.FirstOffset));

        var combined = new List<ShareStateBatch>(sorted.Count);
        var open = new PriorityQueue<ShareStateBatch, int>(Descending);
        var next = 0;
        var at = 0L;
        while (next < sorted.Count || open.Count > 0)
        {
            if (open.Count == 0)
                at = Math.Max(at, sorted[next].FirstOffset);
            for (; next < sorted.Count && sorted[next].FirstOffset <= at; next++)
                open.Enqueue(sorted[next], sorted[next].Weight);
            while (open.TryPeek(out var ended, out _) && ended.LastOffset < at)
                open.Dequeue();
            if (!open.TryPeek(out var top, out _))
                continue;

            var last = next < sorted.Count ? Math.Min(top.LastOffset, sorted[next].FirstOffset - 1) : top.LastOffset;
            Append(combined, top with { FirstOffset = at, LastOffset = last });
            at = last + 1;
        }

        return combined;
    }

    private static void Retain(IReadOnlyList<ShareStateBatch> batches, long startOffset, List<ShareStateBatch> retained)
    {
        foreach (var batch in batches)
        {
            if (batch.LastOffset >= startOffset)
                retained.Add(batch.FirstOffset >= startOffset ? batch : batch with { FirstOffset = startOffset });
        }
    }

    private static void Append(List<ShareStateBatch> combined, ShareStateBatch batch)
    {
        if (combined.Count > 0 && combined[^1] is var previous && previous.LastOffset + 1 == batch.FirstOffset && previous.Weight == batch.Weight)
            combined[^1] = previous with { LastOffset = batch.LastOffset };
        else
            combined.Add(batch);
    }
}
