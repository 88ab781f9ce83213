using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Requests;

/// <summary>
/// One API of the wire protocol. An instance serves all connections at once, so it keeps no state of a request.
/// Derive from <see cref="ApiHandler{TRequest,TResponse}"/>; what is registered is what ApiVersions advertises.
/// </summary>
public abstract class ApiHandler
{
    private protected ApiHandler(ApiKey key, ListenerKind listeners)
    {
        Descriptor = ApiCatalog.Get(key);
        Listeners = listeners;
    }

    /// <summary>The API served.</summary>
    public ApiKey Key => Descriptor.Key;

    /// <summary>The listeners that serve it.</summary>
    public ListenerKind Listeners { get; }

    /// <summary>The lowest version served: the lowest that has a schema, unless overridden.</summary>
    public virtual short LowestVersion => Descriptor.LowestVersion;

    /// <summary>The lowest version advertised, see <see cref="DroppedVersions"/>.</summary>
    public short AdvertisedLowestVersion => Math.Max(LowestVersion, DroppedVersions.LowestLeft(Key));

    /// <summary>The highest version advertised: the highest stable one (or unstable, where those are served), unless overridden.</summary>
    public virtual short HighestVersion => Descriptor.LatestVersionUnstable && !ServesUnstableVersions ? (short)(Descriptor.HighestVersion - 1) : Descriptor.HighestVersion;

    /// <summary>The right to the cluster that every request of this API needs; null where the handler asks for rights itself.</summary>
    public virtual AclOperation? ClusterOperation => null;

    internal ApiDescriptor Descriptor { get; }

    /// <summary>unstable.api.versions.enable. Set before the first request.</summary>
    internal bool ServesUnstableVersions { get; set; }

    internal bool Supports(short version) => version >= LowestVersion && version <= HighestVersion;

    internal abstract ValueTask<IResponse?> DispatchAsync(RequestContext context, IRequest request);

    internal abstract IResponse? BuildErrorResponse(RequestContext context, IRequest request, KafkaException error);
}
