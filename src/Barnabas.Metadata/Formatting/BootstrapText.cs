using System.Globalization;
using Barnabas.Metadata.Bootstrap;
using Barnabas.Metadata.Image;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Formatting;

/// <summary>Bootstrap metadata as Kafka's tool prints it.</summary>
internal static class BootstrapText
{
    internal static string Of(BootstrapMetadata bootstrap) =>
        $"BootstrapMetadata(records=[{string.Join(", ", bootstrap.Records.Select(Of))}], " +
        $"metadataVersionLevel={bootstrap.MetadataVersion}, source={bootstrap.Source})";

    private static string Of(VersionedRecord record) => $"ApiMessageAndVersion({Text(record)} at version {record.Version})";

    private static string Text(VersionedRecord record) => record.Record switch
    {
        FeatureLevelRecord r => $"FeatureLevelRecord(name='{r.Name}', featureLevel={r.FeatureLevel})",
        UserScramCredentialRecord r =>
            $"UserScramCredentialRecord(name='{r.Name}', mechanism={r.Mechanism}, salt={Bytes(r.Salt)}, " +
            $"storedKey={Bytes(r.StoredKey)}, serverKey={Bytes(r.ServerKey)}, iterations={r.Iterations})",
        var other => other.GetType().Name,
    };

    private static string Bytes(ReadOnlyMemory<byte> bytes) =>
        $"[{string.Join(", ", bytes.ToArray().Select(b => ((sbyte)b).ToString(CultureInfo.InvariantCulture)))}]";
}
