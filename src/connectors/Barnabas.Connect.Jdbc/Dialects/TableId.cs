namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>A table.</summary>
/// <param name="Schema">Its schema; null for the connection's own.</param>
/// <param name="Name">Its name.</param>
public sealed record TableId(string? Schema, string Name)
{
    /// <summary>A name as users write it: <c>table</c>, <c>schema.table</c> or <c>database.schema.table</c>.</summary>
    public static TableId Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 1 ? new TableId(null, text) : new TableId(parts[^2], parts[^1]);
    }

    /// <inheritdoc/>
    public override string ToString() => Schema is null ? Name : $"{Schema}.{Name}";
}
