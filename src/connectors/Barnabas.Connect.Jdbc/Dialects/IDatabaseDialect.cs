using System.Data.Common;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>What differs between databases: connections, names, types and statements.</summary>
public interface IDatabaseDialect
{
    /// <summary>Its name, as <c>dialect.name</c> gives it.</summary>
    string Name { get; }

    /// <summary>Opens a connection.</summary>
    /// <exception cref="DbException">It cannot be opened.</exception>
    Task<DbConnection> OpenAsync(CancellationToken cancellationToken);

    /// <summary>A name in a statement.</summary>
    string Quote(string identifier);

    /// <summary>A table's name in a statement.</summary>
    string Quote(TableId table);

    /// <summary>Adds a value to a command; what stands for it in the statement.</summary>
    string AddParameter(DbCommand command, object value);

    /// <summary>The statements that add columns to a table.</summary>
    IEnumerable<string> AddColumns(TableId table, IReadOnlyList<string> definitions);

    /// <summary>Bytes in a statement.</summary>
    string Literal(byte[] bytes);

    /// <summary>All tables of the wanted types.</summary>
    Task<IReadOnlyList<TableId>> TablesAsync(DbConnection connection, string? schemaPattern, IReadOnlyList<string> types, CancellationToken cancellationToken);

    /// <summary>A table's columns in order; empty where there is no such table.</summary>
    Task<IReadOnlyList<ColumnDefinition>> ColumnsAsync(DbConnection connection, TableId table, CancellationToken cancellationToken);

    /// <summary>Reads columns of a result: a schema for the row and how each value is read.</summary>
    RowReader ReaderFor(DbDataReader reader, string schemaName, NumericMapping mapping, IReadOnlySet<string> required);

    /// <summary>The current time of the database, for timestamps that must not lie in the future.</summary>
    Task<DateTime> NowAsync(DbConnection connection, CancellationToken cancellationToken);

    /// <summary>The column type for values of a schema.</summary>
    /// <exception cref="Errors.ConnectException">The database has none.</exception>
    string TypeFor(Schema schema);

    /// <summary>Begins to write rows.</summary>
    IRowWriter WriterFor(DbConnection connection, TableWrite write);
}
