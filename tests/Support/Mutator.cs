namespace Barnabas.Tests.Support;

/// <summary>Changes bytes as fuzzers do: bits flipped, bytes replaced by the numbers that break decoders, pieces cut, doubled and put elsewhere.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Breaking =
    [
        [0xff, 0xff, 0xff, 0xff], [0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 0, 0, 0], [0xff, 0xff], [0x7f, 0xff], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x08], [0],
    ];

    private readonly Random _random = new(seed);

    public byte[] Mutate(byte[] bytes)
    {
        var changed = bytes.ToArray();
        for (var i = _random.Next(1, 5); i > 0 && changed.Length > 0; i--)
        {
            var at = _random.Next(changed.Length);
            switch (_random.Next(6))
            {
                case 0:
                    changed[at] ^= (byte)(1 << _random.Next(8));
                    break;
                case 1:
                    changed[at] = (byte)_random.Next(256);
                    break;
                case 2:
                    var number = Breaking[_random.Next(Breaking.Length)];
                    number.AsSpan(0, Math.Min(number.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
                    break;
                case 3:
                    changed = changed[..at];
                    break;
                case 4:
                    var piece = changed[at..Math.Min(changed.Length, at + _random.Next(1, 40))];
                    changed = [.. changed[..at], .. piece, .. changed[at..]];
                    break;
                default:
                    changed = [.. changed[..at], .. changed[Math.Min(changed.Length, at + _random.Next(1, 20))..]];
                    break;
            }
        }
        return changed;
    }
}
