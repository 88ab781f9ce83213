namespace Barnabas.Protocol.Records;

/// <summary>
/// Turns the CRC of some bytes into the CRC of those bytes followed by a fixed number of zero bytes: a linear map over
/// GF(2), kept as one table for each byte of the register. With it, CRCs of neighbouring stretches combine.
/// </summary>
internal sealed class Crc32CShift
{
    private const int RegisterBits = 32;
    private readonly uint[] _tables = new uint[4 * 256];

    public Crc32CShift(int zeroBytes)
    {
        var matrix = Power(zeroBytes * 8);
        for (var position = 0; position < 4; position++)
        {
            for (uint value = 0; value < 256; value++)
                _tables[position * 256 + value] = Multiply(matrix, value << (8 * position));
        }
    }

    public uint Apply(uint crc)
    {
        var tables = _tables;
        return tables[crc & 0xff]
            ^ tables[256 + ((crc >> 8) & 0xff)]
            ^ tables[512 + ((crc >> 16) & 0xff)]
            ^ tables[768 + (crc >> 24)];
    }

    // The map of one zero bit, raised by squaring. Column i of a matrix is what bit i alone becomes.
    private static uint[] Power(int zeroBits)
    {
        var result = new uint[RegisterBits];
        var square = new uint[RegisterBits];
        square[0] = Crc32CSoftware.Polynomial;
        result[0] = 1;
        for (var bit = 1; bit < RegisterBits; bit++)
        {
            square[bit] = 1u << (bit - 1);
            result[bit] = 1u << bit;
        }
        for (; zeroBits > 0; zeroBits >>= 1)
        {
            if ((zeroBits & 1) != 0)
                result = Multiply(square, result);
            square = Multiply(square, square);
        }
        return result;
    }

    private static uint[] Multiply(uint[] left, uint[] right)
    {
        var product = new uint[RegisterBits];
        for (var i = 0; i < RegisterBits; i++)
            product[i] = Multiply(left, right[i]);
        return product;
    }

    private static uint Multiply(uint[] matrix, uint vector)
    {
        uint sum = 0;
        for (var i = 0; vector != 0; i++, vector >>= 1)
        {
            if ((vector & 1) != 0)
                sum ^= matrix[i];
        }
        return sum;
    }
}
