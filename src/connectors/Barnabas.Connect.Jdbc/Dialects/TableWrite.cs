using Barnabas.Connect.Data;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>How rows are written to a table.</summary>
public enum WriteMode
{
    /// <summary>New rows.</summary>
    Insert,

    /// <summary>New rows, or new values for those there are.</summary>
    Upsert,

    /// <summary>New values for rows there are.</summary>
    Update,

    /// <summary>Rows go.</summary>
    Delete,
}

/// <summary>A kind of write that many rows share. Equal by content.</summary>
/// <param name="Table">The table.</param>
/// <param name="Mode">What is done.</param>
/// <param name="Keys">The primary key's columns.</param>
/// <param name="Values">The other columns.</param>
public sealed record TableWrite(TableId Table, WriteMode Mode, IReadOnlyList<WriteColumn> Keys, IReadOnlyList<WriteColumn> Values)
{
    /// <summary>Keys, then values.</summary>
    public IEnumerable<WriteColumn> Columns => Keys.Concat(Values);
}

/// <summary>A column that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">What its values are.</param>
/// <param name="TypeName">Its type in the database; null where it is not known.</param>
public sealed record WriteColumn(string Name, Schema Schema, string? TypeName);

/// <summary>Writes rows; nothing is there before <see cref="FlushAsync"/>. For one thread.</summary>
public interface IRowWriter : IAsyncDisposable
{
    /// <summary>Adds a row: values of the keys, then of the other columns.</summary>
    void Add(object?[] values);

    /// <summary>Writes what was added, inside the connection's transaction.</summary>
    /// <exception cref="System.Data.Common.DbException">The database refuses.</exception>
    Task FlushAsync(System.Data.Common.DbTransaction transaction, CancellationToken cancellationToken);
}
