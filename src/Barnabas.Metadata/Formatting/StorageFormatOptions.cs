using Barnabas.Configuration.Brokers;

namespace Barnabas.Metadata.Formatting;

/// <summary>The arguments of <c>kafka-storage.sh format</c>.</summary>
public sealed record StorageFormatOptions
{
    /// <summary>The node's configuration (<c>--config</c>).</summary>
    public required BrokerConfig Config { get; init; }

    /// <summary>The cluster id (<c>--cluster-id</c>).</summary>
    public required string ClusterId { get; init; }

    /// <summary>Skip directories that are formatted already (<c>--ignore-formatted</c>).</summary>
    public bool IgnoreFormatted { get; init; }

    /// <summary>The release (<c>--release-version</c>), or null for the latest.</summary>
    public string? ReleaseVersion { get; init; }

    /// <summary>Levels as <c>feature=level</c> (<c>--feature</c>).</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Credentials as <c>SCRAM-SHA-256=[name=alice,password=secret]</c> (<c>--add-scram</c>).</summary>
    public IReadOnlyList<string> ScramCredentials { get; init; } = [];

    /// <summary>Make this node the one voter of a dynamic quorum (<c>--standalone</c>).</summary>
    public bool Standalone { get; init; }

    /// <summary>Name no voters; the node finds them by its bootstrap servers (<c>--no-initial-controllers</c>).</summary>
    public bool NoInitialControllers { get; init; }

    /// <summary>The voters as <c>id@host:port:directory,...</c> (<c>--initial-controllers</c>), or null.</summary>
    public string? InitialControllers { get; init; }
}
