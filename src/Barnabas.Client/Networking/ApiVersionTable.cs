using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Networking;

/// <summary>What a node said it supports, and the version to speak with it.</summary>
public sealed class ApiVersionTable
{
    private readonly Dictionary<ApiKey, (short Lowest, short Highest)> _ranges = [];

    /// <summary>Reads a node's answer.</summary>
    public ApiVersionTable(ApiVersionsResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        Response = response;
        foreach (var api in response.ApiKeys) _ranges[(ApiKey)api.ApiKey] = (api.MinVersion, api.MaxVersion);
    }

    /// <summary>The node's answer itself, with its features.</summary>
    public ApiVersionsResponse Response { get; }

    /// <summary>Whether the node knows an API at a version that we know as well.</summary>
    public bool Supports(ApiKey api, short lowest = 0) => Highest(api, short.MaxValue) is { } highest && highest >= lowest;

    /// <summary>The highest version that both sides know.</summary>
    /// <param name="api">The API.</param>
    /// <param name="lowest">The lowest version that can carry what the caller has to say.</param>
    /// <param name="highest">The highest version the caller is ready for.</param>
    /// <exception cref="UnsupportedVersionException">There is none; the message is Kafka's.</exception>
    public short Choose(ApiKey api, short lowest = 0, short highest = short.MaxValue)
    {
        if (!_ranges.TryGetValue(api, out var range)) throw new UnsupportedVersionException($"The node does not support {Name(api)}");
        if (Highest(api, highest) is { } version && version >= lowest) return version;
        var ours = ApiCatalog.Get(api);
        throw new UnsupportedVersionException(
            $"The node does not support {Name(api)} with version in range [{Math.Max(lowest, ours.LowestVersion)},{Math.Min(highest, ours.HighestVersion)}]. " +
            $"The supported range is [{range.Lowest},{range.Highest}].");
    }

    private short? Highest(ApiKey api, short cap)
    {
        if (!_ranges.TryGetValue(api, out var range) || !ApiCatalog.TryGet(api, out var ours)) return null;
        var usable = ours.LatestVersionUnstable ? (short)(ours.HighestVersion - 1) : ours.HighestVersion;
        var version = Math.Min(Math.Min(range.Highest, usable), cap);
        return version >= Math.Max(range.Lowest, ours.LowestVersion) ? version : null;
    }

    private static string Name(ApiKey api)
    {
        var name = new System.Text.StringBuilder();
        foreach (var letter in api.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0) name.Append('_');
            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }
}
