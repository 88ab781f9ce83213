using Microsoft.Extensions.Logging;

namespace Barnabas.Storage;

/// <summary>Whether a log directory works. One object a directory, shared by its logs; any thread.</summary>
public sealed class LogDirectoryState
{
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private volatile KafkaStorageException? _failure;

    /// <summary>A directory that works.</summary>
    public LogDirectoryState(string path, ILogger logger)
    {
        Path = path;
        _logger = logger;
    }

    /// <summary>Raised once, on the thread that met the failure, when the directory goes offline.</summary>
    public event Action<LogDirectoryState>? WentOffline;

    /// <summary>The log directory.</summary>
    public string Path { get; }

    /// <summary>Whether the directory failed.</summary>
    public bool IsOffline => _failure is not null;

    /// <summary>Why the directory is offline; null while it works.</summary>
    public KafkaStorageException? Failure => _failure;

    /// <summary>Takes the directory offline, once, and returns what to throw.</summary>
    public KafkaStorageException Fail(string what, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        var failure = new KafkaStorageException($"{what}: {cause.Message}", cause);
        lock (_lock)
        {
            if (_failure is not null)
                return failure;
            _failure = failure;
        }

        StorageLog.DirectoryOffline(_logger, Path, what, cause);
        WentOffline?.Invoke(this);
        return failure;
    }

    /// <summary>Refuses work on a directory that is offline.</summary>
    /// <exception cref="KafkaStorageException">The directory is offline.</exception>
    public void EnsureOnline()
    {
        if (_failure is { } failure)
            throw new KafkaStorageException($"The log dir {Path} is already offline due to a previous IO exception: {failure.Message}");
    }
}
