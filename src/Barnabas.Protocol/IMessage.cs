using System.Text.Json;

namespace Barnabas.Protocol;

/// <summary>A structure of Kafka's protocol that reads and writes itself at any of its versions.</summary>
public interface IMessage
{
    /// <summary>The lowest version of the schema.</summary>
    short LowestVersion { get; }

    /// <summary>The highest version of the schema.</summary>
    short HighestVersion { get; }

    /// <summary>Tagged fields that the schema does not know (KIP-482), kept so that they survive a rewrite; null when there are none.</summary>
    List<RawTaggedField>? UnknownTaggedFields { get; set; }

    /// <summary>Replaces every field by what the reader holds; bytes and records are slices of the reader's memory.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such message.</exception>
    /// <exception cref="UnsupportedVersionException">The schema has no such version.</exception>
    void Read(ref MessageReader reader, short version);

    /// <summary>Appends the message to the writer.</summary>
    /// <exception cref="UnsupportedVersionException">The schema has no such version, or it cannot carry a field that is set.</exception>
    void Write(MessageWriter writer, short version);

    /// <summary>Writes Kafka's JSON form, as <c>kafka-dump-log</c> and the request log show it.</summary>
    /// <exception cref="UnsupportedVersionException">The schema has no such version, or it cannot carry a field that is set.</exception>
    void WriteJson(Utf8JsonWriter json, short version);
}

/// <summary>What a client asks.</summary>
public interface IRequest : IMessage
{
    /// <summary>The API it asks.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>A request whose answer is a <typeparamref name="TResponse"/>.</summary>
/// <typeparam name="TResponse">The type of the answer.</typeparam>
public interface IRequest<TResponse> : IRequest
    where TResponse : IResponse, new()
{
}

/// <summary>What a broker or controller answers.</summary>
public interface IResponse : IMessage
{
    /// <summary>The API that answers.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>A response that tells its client for how long it is throttled.</summary>
public interface IThrottledResponse : IResponse
{
    /// <summary>Milliseconds for which the broker takes no further request of the connection (KIP-219); old versions leave it out.</summary>
    int ThrottleTimeMs { get; set; }
}

/// <summary>A record of <c>__cluster_metadata</c> (or of the remote log metadata topic, which is framed alike).</summary>
public interface IMetadataRecord : IMessage
{
    /// <summary>The number that stands for the record's type in the log.</summary>
    short RecordType { get; }
}

/// <summary>The key of a coordinator's record; in the log the type number precedes it.</summary>
public interface ICoordinatorKey : IMessage
{
    /// <summary>The number that stands for the record's type in the log.</summary>
    short RecordType { get; }
}

/// <summary>The value of a coordinator's record; in the log the version precedes it.</summary>
public interface ICoordinatorValue : IMessage
{
    /// <summary>The number that stands for the record's type in the log.</summary>
    short RecordType { get; }
}
