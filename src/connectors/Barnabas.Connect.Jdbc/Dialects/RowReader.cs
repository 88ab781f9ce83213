using System.Data.Common;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>Reads rows of one result into structs of one schema.</summary>
/// <param name="schema">The row's schema.</param>
/// <param name="columns">How each field is read; null values never reach it.</param>
public sealed class RowReader(Schema schema, IReadOnlyList<Func<DbDataReader, object>> columns)
{
    /// <summary>The row's schema.</summary>
    public Schema Schema { get; } = schema;

    /// <summary>The row that the reader stands on.</summary>
    /// <exception cref="DataException">A value does not fit its column's schema.</exception>
    public Struct Read(DbDataReader reader)
    {
        var row = new Struct(Schema);
        for (var column = 0; column < columns.Count; column++)
            row.Put(Schema.Fields[column], reader.IsDBNull(column) ? null : columns[column](reader));
        return row;
    }
}
