using System.Data.Common;
using Barnabas.Connect.Data;
using Barnabas.Connect.Jdbc.Dialects;

namespace Barnabas.Connect.Jdbc.Sink;

/// <summary>Rows of one write; of rows with one key the last stays, as a statement may change a row once only.</summary>
internal sealed class RowBuffer(TableWrite write)
{
    private readonly List<object?[]> _rows = [];
    private readonly Dictionary<RowKey, int> _byKey = [];

    public TableWrite Write { get; } = write;

    public int Count => _rows.Count;

    public void Add(object?[] row)
    {
        if (Write.Mode == WriteMode.Insert)
        {
            _rows.Add(row);
            return;
        }

        var key = new RowKey(row, Write.Keys.Count);
        if (_byKey.TryGetValue(key, out var at))
        {
            _rows[at] = row;
            return;
        }

        _byKey[key] = _rows.Count;
        _rows.Add(row);
    }

    public async Task FlushAsync(IDatabaseDialect dialect, DbConnection connection, DbTransaction transaction, CancellationToken cancellationToken)
    {
        await using var writer = dialect.WriterFor(connection, Write);
        foreach (var row in _rows) writer.Add(row);
        await writer.FlushAsync(transaction, cancellationToken);
    }

    private readonly struct RowKey(object?[] row, int count) : IEquatable<RowKey>
    {
        private readonly object?[] _row = row;
        private readonly int _count = count;

        public bool Equals(RowKey other) => _row.AsSpan(0, _count).SequenceEqual(other._row.AsSpan(0, other._count), ConnectValueComparer.Instance);

        public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            for (var i = 0; i < _count; i++) hash.Add(_row[i], ConnectValueComparer.Instance);
            return hash.ToHashCode();
        }
    }
}
