using Barnabas.Metadata.Image;
using Barnabas.Protocol;

namespace Barnabas.Broker.Cache;

/// <summary>
/// The newest metadata image this broker has applied. Written by the metadata publisher, read by every request:
/// a handler takes <see cref="Image"/> once and sees one consistent state.
/// </summary>
public sealed class MetadataCache
{
    private readonly Lock _lock = new();
    private volatile MetadataImage _image = MetadataImage.Empty;
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The current image.</summary>
    public MetadataImage Image => _image;

    /// <summary>Follows a new image.</summary>
    public void Publish(MetadataImage image)
    {
        TaskCompletionSource published;
        lock (_lock)
        {
            _image = image;
            published = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        published.SetResult();
    }

    /// <summary>Waits for an image with a property.</summary>
    /// <returns>False when none came in time.</returns>
    public async Task<bool> WaitAsync(Func<MetadataImage, bool> condition, TimeSpan maxWait, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(maxWait, time);
        while (true)
        {
            Task next;
            lock (_lock)
                next = _next.Task;
            if (condition(_image))
                return true;
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }

    /// <summary>The name of a topic in a request that names it by id or by name; null where the id is not known.</summary>
    public static string? ResolveName(MetadataImage image, string name, Uuid id) => id == Uuid.Zero ? name : image.Topics.Find(id)?.Name;
}
