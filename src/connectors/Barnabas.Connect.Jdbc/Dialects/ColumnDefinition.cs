namespace Barnabas.Connect.Jdbc.Dialects;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="TypeName">Its type as the database calls it, without sizes.</param>
/// <param name="IsNullable">Whether null is a value.</param>
/// <param name="IsPrimaryKey">Whether it is part of the primary key.</param>
/// <param name="Precision">Digits of a number with a fixed number of them; null otherwise.</param>
/// <param name="Scale">Digits behind the point; null where they are not fixed.</param>
public sealed record ColumnDefinition(string Name, string TypeName, bool IsNullable, bool IsPrimaryKey, int? Precision, int? Scale);
