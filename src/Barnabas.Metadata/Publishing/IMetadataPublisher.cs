using Barnabas.Metadata.Image;

namespace Barnabas.Metadata.Publishing;

/// <summary>
/// Wants to know of committed metadata. Called on the metadata loader's thread, one call at a time: take what concerns
/// you and return soon. An exception is logged and the publisher stays in place.
/// </summary>
public interface IMetadataPublisher
{
    /// <summary>Tells of a change; the first call brings everything there is.</summary>
    /// <param name="delta">What changed.</param>
    /// <param name="image">The state after the change.</param>
    void OnMetadataUpdate(MetadataDelta delta, MetadataImage image);
}
