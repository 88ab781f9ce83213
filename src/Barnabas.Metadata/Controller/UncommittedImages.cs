using Barnabas.Metadata.Image;

namespace Barnabas.Metadata.Controller;

/// <summary>
/// The images of batches that this controller wrote and that are not committed yet: when it loses its epoch, they may never be. Lives on the
/// controller's thread.
/// </summary>
internal sealed class UncommittedImages
{
    private readonly Queue<(long Offset, MetadataImage Image)> _written = new();
    private MetadataImage _committed = MetadataImage.Empty;

    /// <summary>A batch was written that ends at the offset.</summary>
    internal void Written(long offset, MetadataImage image) => _written.Enqueue((offset, image));

    /// <summary>Everything up to the offset is committed.</summary>
    internal void CommittedUpTo(long offset)
    {
        while (_written.TryPeek(out var next) && next.Offset <= offset) _committed = _written.Dequeue().Image;
    }

    /// <summary>Another's batch was taken in, which is committed.</summary>
    internal void Followed(MetadataImage image) => _committed = image;

    /// <summary>Forgets what is not committed.</summary>
    /// <returns>The image to go on with, or null where nothing was uncommitted.</returns>
    internal MetadataImage? Revert()
    {
        if (_written.Count == 0) return null;
        _written.Clear();
        return _committed;
    }
}
