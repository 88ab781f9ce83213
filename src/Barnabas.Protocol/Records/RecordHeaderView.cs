using System.Text;

namespace Barnabas.Protocol.Records;

/// <summary>A view over one header of a record; good as long as the record is.</summary>
public readonly struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        KeyBytes = key;
        Value = value;
    }

    /// <summary>The key in UTF-8.</summary>
    public ReadOnlyMemory<byte> KeyBytes { get; }

    /// <summary>The key, decoded anew each time.</summary>
    public string Key => Encoding.UTF8.GetString(KeyBytes.Span);

    /// <summary>The value, null when there is none.</summary>
    public ReadOnlyMemory<byte>? Value { get; }
}
