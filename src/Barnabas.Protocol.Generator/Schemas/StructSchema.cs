using System.Collections.Generic;

namespace Barnabas.Protocol.Generator.Schemas;

/// <summary>A sequence of fields: a message itself, or a struct inside it.</summary>
internal sealed class StructSchema(string name, int line)
{
    public string Name { get; } = name;

    public int Line { get; } = line;

    /// <summary>Versions of the message in which this struct can occur.</summary>
    public VersionRange Versions { get; set; } = VersionRange.None;

    public List<FieldSchema> Fields { get; } = [];

    public string ClassName { get; set; } = name;

    /// <summary>Somebody compares it with its default to decide whether to write it.</summary>
    public bool NeedsIsDefault { get; set; }
}
