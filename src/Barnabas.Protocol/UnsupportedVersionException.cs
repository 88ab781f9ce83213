namespace Barnabas.Protocol;

/// <summary>A schema has no such version, or the version cannot carry what was asked of it.</summary>
public sealed class UnsupportedVersionException(string message) : KafkaException(ErrorCode.UnsupportedVersion, message)
{
    internal static UnsupportedVersionException ForMessage(string verb, short version, string message) =>
        new($"Can't {verb} version {version} of {message}");

    internal static UnsupportedVersionException ForField(string field, short version) =>
        new($"Attempted to write a non-default {field} at version {version}");

    internal static UnsupportedVersionException ForApi(ApiKey key) => new($"No such API: {(short)key}");
}
