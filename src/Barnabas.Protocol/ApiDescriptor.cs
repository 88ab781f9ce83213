namespace Barnabas.Protocol;

/// <summary>What the schemas say about one API.</summary>
public sealed class ApiDescriptor
{
    private readonly short _firstFlexibleVersion;

    internal ApiDescriptor(ApiKey key, string name, short lowestVersion, short highestVersion, short firstFlexibleVersion, bool latestVersionUnstable, ApiListeners listeners)
    {
        Key = key;
        Name = name;
        LowestVersion = lowestVersion;
        HighestVersion = highestVersion;
        _firstFlexibleVersion = firstFlexibleVersion;
        LatestVersionUnstable = latestVersionUnstable;
        Listeners = listeners;
    }

    /// <summary>The API's number.</summary>
    public ApiKey Key { get; }

    /// <summary>Kafka's name, such as <c>Produce</c>.</summary>
    public string Name { get; }

    /// <summary>The lowest version that the schemas read and write.</summary>
    public short LowestVersion { get; }

    /// <summary>The highest version that the schemas read and write.</summary>
    public short HighestVersion { get; }

    /// <summary>Whether the highest version may still change, and is advertised only when unstable versions are enabled.</summary>
    public bool LatestVersionUnstable { get; }

    /// <summary>Where Kafka serves it.</summary>
    public ApiListeners Listeners { get; }

    /// <summary>Whether the schemas have the version.</summary>
    public bool HasVersion(short version) => version >= LowestVersion && version <= HighestVersion;

    /// <summary>Whether the version has compact types and tagged fields (KIP-482).</summary>
    public bool IsFlexible(short version) => version >= _firstFlexibleVersion;

    /// <summary>An empty request.</summary>
    public IRequest NewRequest() => ApiCatalog.NewRequest(Key);

    /// <summary>An empty response.</summary>
    public IResponse NewResponse() => ApiCatalog.NewResponse(Key);

    /// <summary>The version of the header before a request of the version.</summary>
    public short RequestHeaderVersion(short version) => IsFlexible(version) ? (short)2 : (short)1;

    /// <summary>The version of the header before a response; always 0 for ApiVersions, whose client cannot know yet what the broker speaks (KIP-511).</summary>
    public short ResponseHeaderVersion(short version) => Key != ApiKey.ApiVersions && IsFlexible(version) ? (short)1 : (short)0;
}
