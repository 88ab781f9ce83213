using Barnabas.Protocol;

namespace Barnabas.Storage;

/// <summary>Another process holds the lock of a log directory (KAFKA_STORAGE_ERROR).</summary>
/// <param name="directory">The log directory.</param>
public sealed class LogDirectoryInUseException(string directory) : KafkaException(
    ErrorCode.KafkaStorageError,
    $"Failed to acquire lock on file {LogFileNames.LockFile} in {directory}. A Kafka instance in another process or thread is using this directory.");
