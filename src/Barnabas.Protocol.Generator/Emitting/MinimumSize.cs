using System.Text;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>The fewest bytes an encoded value can take: what an array's count is checked against before memory is taken.</summary>
internal static class MinimumSize
{
    /// <summary>An expression over <c>version</c> for one element of a struct array.</summary>
    public static string Expression(MessageSchema message, StructSchema item, VersionRange scope)
    {
        var text = new StringBuilder();
        var last = -1;
        for (int version = scope.Highest; version >= scope.Lowest; version--)
        {
            var size = OfStruct(message, item, version);
            if (size == last)
                continue;
            if (last >= 0)
                text.Append("version > ").Append(version).Append(" ? ").Append(last).Append(" : ");
            last = size;
        }
        return text.Append(last).ToString();
    }

    private static int OfStruct(MessageSchema message, StructSchema item, int version)
    {
        var flexible = message.Flexible.Contains(version);
        var size = flexible ? 1 : 0;
        foreach (var field in item.Fields)
        {
            if (field.Versions.Contains(version) && !field.IsTagged)
                size += OfField(message, field, version, flexible && !field.NeverCompact);
        }
        // A struct of no bytes cannot be counted against the bytes left: treat it as one.
        return size == 0 ? 1 : size;
    }

    private static int OfField(MessageSchema message, FieldSchema field, int version, bool compact) => field.Type.Kind switch
    {
        TypeKind.Bool or TypeKind.Int8 => 1,
        TypeKind.Int16 or TypeKind.UInt16 => 2,
        TypeKind.Int32 or TypeKind.UInt32 => 4,
        TypeKind.Int64 or TypeKind.Float64 => 8,
        TypeKind.Uuid => 16,
        TypeKind.String => compact ? 1 : 2,
        TypeKind.Struct => field.Nullable.Contains(version) ? 1 : OfStruct(message, field.Struct!, version),
        _ => compact ? 1 : 4,
    };
}
