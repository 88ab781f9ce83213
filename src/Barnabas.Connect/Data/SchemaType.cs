namespace Barnabas.Connect.Data;

/// <summary>The types of Connect's data, with Kafka Connect's names. In brackets: the .NET type of a value.</summary>
public enum SchemaType
{
    /// <summary>8 bits, signed (<see cref="sbyte"/>).</summary>
    Int8,

    /// <summary>16 bits, signed (<see cref="short"/>).</summary>
    Int16,

    /// <summary>32 bits, signed (<see cref="int"/>).</summary>
    Int32,

    /// <summary>64 bits, signed (<see cref="long"/>).</summary>
    Int64,

    /// <summary>IEEE 754, 32 bits (<see cref="float"/>).</summary>
    Float32,

    /// <summary>IEEE 754, 64 bits (<see cref="double"/>).</summary>
    Float64,

    /// <summary>True or false (<see cref="bool"/>).</summary>
    Boolean,

    /// <summary>Text (<see cref="string"/>).</summary>
    String,

    /// <summary>Bytes (an array of <see cref="byte"/>).</summary>
    Bytes,

    /// <summary>A list of values of one schema (<see cref="IReadOnlyList{T}"/> of object).</summary>
    Array,

    /// <summary>Keys of one schema to values of another (<see cref="IReadOnlyDictionary{TKey, TValue}"/> of object).</summary>
    Map,

    /// <summary>Named fields, each with a schema (<see cref="Data.Struct"/>).</summary>
    Struct,
}
