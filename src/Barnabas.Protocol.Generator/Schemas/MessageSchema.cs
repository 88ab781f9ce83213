using System.Collections.Generic;

namespace Barnabas.Protocol.Generator.Schemas;

internal enum MessageKind
{
    Request,
    Response,
    Header,
    Data,
    Metadata,
    CoordinatorKey,
    CoordinatorValue,
}

/// <summary>One message: its versions, its fields, and the structs inside it.</summary>
internal sealed class MessageSchema(MessageKind kind, string name, int line)
{
    public MessageKind Kind { get; } = kind;

    public string Name { get; } = name;

    public int Line { get; } = line;

    /// <summary>API key of a request or response, type number of a record, otherwise -1.</summary>
    public short Number { get; set; } = -1;

    public VersionRange Versions { get; set; } = VersionRange.None;

    public VersionRange Flexible { get; set; } = VersionRange.None;

    public bool LatestVersionUnstable { get; set; }

    public bool OnBroker { get; set; }

    public bool OnController { get; set; }

    /// <summary>The catalog this record belongs to, from the file's first line.</summary>
    public string? Catalog { get; set; }

    public StructSchema Root { get; } = new(name, line);

    /// <summary>All structs inside, in the order of the schema, without <see cref="Root"/>.</summary>
    public List<StructSchema> Structs { get; } = [];
}
