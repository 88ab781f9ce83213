using System.Collections;
using System.Reflection;

namespace Barnabas.Protocol.Tests;

/// <summary>
/// Gives new random values to the fields of a message that was read from a golden line: those not at their default are
/// the ones its version has.
/// </summary>
internal static class RandomValues
{
    public static void Shake(object target, Random random)
    {
        foreach (var property in target.GetType().GetProperties().Where(property => property is { CanWrite: true, CanRead: true }))
        {
            var value = property.GetValue(target);
            if (value is null || property.Name == nameof(IMessage.UnknownTaggedFields))
                continue;
            if (value is IList list)
                ShakeList(list, random);
            else if (IsStruct(value))
                Shake(value, random);
            else if (!IsDefault(property, target, value))
                property.SetValue(target, Shaken(value, random));
        }
    }

    private static bool IsStruct(object value) => value.GetType() is { IsClass: true, IsNested: true } type && type.DeclaringType!.IsAssignableTo(typeof(IMessage));

    private static bool IsDefault(PropertyInfo property, object target, object value) =>
        Equals(property.GetValue(Activator.CreateInstance(target.GetType())), value);

    private static void ShakeList(IList list, Random random)
    {
        while (list.Count > 0 && random.Next(4) == 0)
            list.RemoveAt(random.Next(list.Count));
        for (var i = 0; i < list.Count; i++)
        {
            if (IsStruct(list[i]!))
                Shake(list[i]!, random);
            else
                list[i] = Shaken(list[i]!, random);
        }
    }

    private static object Shaken(object value, Random random) => value switch
    {
        bool => random.Next(2) == 0,
        sbyte => (sbyte)random.Next(sbyte.MinValue, sbyte.MaxValue + 1),
        ErrorCode => (ErrorCode)random.Next(short.MinValue, short.MaxValue + 1),
        short => (short)random.Next(short.MinValue, short.MaxValue + 1),
        ushort => (ushort)random.Next(ushort.MaxValue + 1),
        int => Edge(random, int.MinValue, int.MaxValue, random.Next(int.MinValue, int.MaxValue)),
        uint => (uint)random.NextInt64(uint.MaxValue + 1L),
        long => Edge(random, long.MinValue, long.MaxValue, random.NextInt64(long.MinValue, long.MaxValue)),
        double => random.NextDouble() * Math.Pow(10, random.Next(-20, 20)),
        Uuid => Uuid.Random(random),
        string => Text(random),
        ReadOnlyMemory<byte> => (ReadOnlyMemory<byte>)Bytes(random, random.Next(20) == 0 ? MessageWriter.SpliceThreshold + random.Next(1000) : random.Next(300)),
        _ => throw new InvalidOperationException($"no random {value.GetType()}"),
    };

    private static T Edge<T>(Random random, T lowest, T highest, T other) => random.Next(5) switch
    {
        0 => lowest,
        1 => highest,
        _ => other,
    };

    private static string Text(Random random)
    {
        var length = random.Next(10) == 0 ? random.Next(200, 2000) : random.Next(20);
        return string.Concat(Enumerable.Range(0, length).Select(_ => random.Next(10) == 0 ? "€" : ((char)random.Next('!', '~')).ToString()));
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
