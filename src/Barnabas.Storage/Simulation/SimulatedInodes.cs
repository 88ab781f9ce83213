namespace Barnabas.Storage.Simulation;

internal abstract class SimulatedInode;

/// <summary>A file's content as programs see it, as the platter has it, and the changes in between.</summary>
internal sealed class SimulatedFileInode : SimulatedInode
{
    private readonly List<(long Position, byte[]? Data, long Length)> _pending = [];
    private byte[] _current = [];
    private long _length;
    private byte[] _durable = [];
    private bool _hasLost;

    public long Length => _length;

    public long LastModifiedMs { get; set; }

    public int Read(Span<byte> buffer, long position)
    {
        if (position >= _length)
            return 0;
        var count = (int)Math.Min(buffer.Length, _length - position);
        _current.AsSpan((int)position, count).CopyTo(buffer);
        return count;
    }

    public void Write(ReadOnlySpan<byte> data, long position)
    {
        Apply(data, position);
        _pending.Add((position, data.ToArray(), -1));
    }

    public void SetLength(long length)
    {
        Resize(length);
        _pending.Add((0, null, length));
    }

    public void Flush()
    {
        if (_hasLost)
        {
            // What an earlier flush lost is clean to the kernel: only newer changes reach the platter.
            var (seen, length) = (_current, _length);
            (_current, _length) = (_durable.ToArray(), _durable.Length);
            foreach (var change in _pending)
                Replay(change);
            _durable = _current.AsSpan(0, (int)_length).ToArray();
            (_current, _length) = (seen, length);
        }
        else
        {
            _durable = _current.AsSpan(0, (int)_length).ToArray();
        }

        _pending.Clear();
    }

    /// <summary>A flush failed: the changes stay visible and never become durable.</summary>
    public void LoseUnflushed()
    {
        _pending.Clear();
        _hasLost = true;
    }

    /// <summary>Keeps any subset of the unflushed changes; a write may keep any stretch of its bytes.</summary>
    public void Crash(Random random)
    {
        _current = _durable.ToArray();
        _length = _current.Length;
        // Mostly nothing, mostly all, or anything.
        var chance = random.Next(4) switch { 0 => 0.0, 1 => 1.0, 2 => 0.9, _ => random.NextDouble() };
        foreach (var (position, data, length) in _pending)
        {
            if (random.NextDouble() >= chance)
                continue;
            if (data is null)
            {
                Resize(length);
                continue;
            }

            var from = 0;
            var to = data.Length;
            if (random.Next(4) == 0)
            {
                from = random.Next(3) == 0 ? random.Next(data.Length + 1) : 0;
                to = random.Next(from, data.Length + 1);
            }

            if (to > from)
                Apply(data.AsSpan(from, to - from), position + from);
        }

        _durable = _current.AsSpan(0, (int)_length).ToArray();
        _pending.Clear();
        _hasLost = false;
    }

    private void Replay((long Position, byte[]? Data, long Length) change)
    {
        if (change.Data is null)
            Resize(change.Length);
        else
            Apply(change.Data, change.Position);
    }

    private void Apply(ReadOnlySpan<byte> data, long position)
    {
        if (position + data.Length > _length)
            Resize(position + data.Length);
        data.CopyTo(_current.AsSpan((int)position));
    }

    private void Resize(long length)
    {
        if (length > _current.Length)
            Array.Resize(ref _current, (int)Math.Max(length, _current.Length * 2L));
        if (length < _length)
            _current.AsSpan((int)length, (int)(_length - length)).Clear();
        _length = length;
    }
}

/// <summary>A directory's entries as programs see them, as the platter has them, and the changes in between.</summary>
internal sealed class SimulatedDirectoryInode : SimulatedInode
{
    private readonly List<(string? Remove, string? Add, SimulatedInode? Inode)> _pending = [];
    private SortedDictionary<string, SimulatedInode> _durable = new(StringComparer.Ordinal);

    public SortedDictionary<string, SimulatedInode> Entries { get; private set; } = new(StringComparer.Ordinal);

    public void Add(string name, SimulatedInode inode) => Change(null, name, inode);

    public void Remove(string name) => Change(name, null, null);

    /// <summary>Atomic: after a crash the inode has the old or the new name, never both or none.</summary>
    public void Rename(string from, string to) => Change(from, to, Entries[from]);

    public void Flush()
    {
        _durable = new SortedDictionary<string, SimulatedInode>(Entries, StringComparer.Ordinal);
        _pending.Clear();
    }

    public void Crash(Random random)
    {
        Entries = new SortedDictionary<string, SimulatedInode>(_durable, StringComparer.Ordinal);
        var chance = random.Next(3) switch { 0 => 0.0, 1 => 1.0, _ => random.NextDouble() };
        foreach (var (remove, add, inode) in _pending)
        {
            if (random.NextDouble() < chance)
                Apply(remove, add, inode);
        }

        Flush();
        foreach (var entry in Entries.Values)
        {
            if (entry is SimulatedDirectoryInode directory)
                directory.Crash(random);
            else
                ((SimulatedFileInode)entry).Crash(random);
        }
    }

    private void Change(string? remove, string? add, SimulatedInode? inode)
    {
        Apply(remove, add, inode);
        _pending.Add((remove, add, inode));
    }

    private void Apply(string? remove, string? add, SimulatedInode? inode)
    {
        // A rename whose source never reached the platter finds another file, or none, under the old name.
        if (remove is not null && (inode is null || (Entries.TryGetValue(remove, out var old) && ReferenceEquals(old, inode))))
            Entries.Remove(remove);
        if (add is not null)
            Entries[add] = inode!;
    }
}
