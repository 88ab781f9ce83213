using System.Runtime.CompilerServices;

namespace Barnabas.Protocol;

/// <summary>Refuses to write null where the version has no encoding for it.</summary>
internal static class Nullability
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T? Check<T>(T? value, bool isNullable, string field)
        where T : class
    {
        if (value is null && !isNullable)
            throw MessageEncodingException.ForNull(field);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlyMemory<byte>? Check(ReadOnlyMemory<byte>? value, bool isNullable, string field)
    {
        if (value is null && !isNullable)
            throw MessageEncodingException.ForNull(field);
        return value;
    }
}
