namespace Barnabas.Protocol.Compression;

/// <summary>A codec's native library is not on this machine. The message names the package that brings it.</summary>
public sealed class CompressionUnavailableException(CompressionType type, string library, string package)
    : KafkaException(ErrorCode.UnsupportedCompressionType,
        $"{CompressionTypes.Name(type)} compression needs {library}, which is not installed: install the Debian package {package} (apt-get install {package}).")
{
    /// <summary>The codec that cannot work.</summary>
    public CompressionType Type { get; } = type;

    /// <summary>The Debian package that holds the library.</summary>
    public string Package { get; } = package;
}
