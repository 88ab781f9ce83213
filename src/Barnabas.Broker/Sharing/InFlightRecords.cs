namespace Barnabas.Broker.Sharing;

/// <summary>
/// The ranges of a share partition from its start offset to the last record ever acquired, in order. There may be holes,
/// where the log has no records. Not thread-safe; owned by <see cref="SharePartitionState"/>.
/// </summary>
internal sealed class InFlightRecords
{
    private readonly List<InFlightRange> _ranges = [];

    public IReadOnlyList<InFlightRange> All => _ranges;

    public bool IsEmpty => _ranges.Count == 0;

    public void Append(InFlightRange range) => _ranges.Add(range);

    /// <summary>The index of the first range that ends at or behind <paramref name="offset"/>.</summary>
    public int IndexOf(long offset)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Last < offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>The ranges within these offsets, cut so that none reaches over them.</summary>
    public List<InFlightRange> Cut(long first, long last)
    {
        SplitAt(first);
        SplitAt(last + 1);
        var cut = new List<InFlightRange>();
        for (var i = IndexOf(first); i < _ranges.Count && _ranges[i].Last <= last; i++)
            cut.Add(_ranges[i]);
        return cut;
    }

    /// <summary>Makes a range begin at <paramref name="offset"/>, where one reaches over it.</summary>
    public void SplitAt(long offset)
    {
        var index = IndexOf(offset);
        if (index < _ranges.Count && _ranges[index].First < offset)
            _ranges.Insert(index + 1, _ranges[index].SplitAt(offset));
    }

    public void RemoveFirst(int count) => _ranges.RemoveRange(0, count);
}
