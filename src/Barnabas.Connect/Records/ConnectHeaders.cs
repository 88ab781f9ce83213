using System.Collections;
using Barnabas.Connect.Data;

namespace Barnabas.Connect.Records;

/// <summary>Headers in order; a name may stand more than once. Immutable.</summary>
public sealed class ConnectHeaders : IReadOnlyList<ConnectHeader>
{
    private readonly ConnectHeader[] _headers;

    /// <summary>With these headers.</summary>
    public ConnectHeaders(IEnumerable<ConnectHeader> headers) => _headers = [.. headers];

    /// <summary>No headers.</summary>
    public static ConnectHeaders Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _headers.Length;

    /// <inheritdoc/>
    public ConnectHeader this[int index] => _headers[index];

    /// <summary>The last header of that name, or null.</summary>
    public ConnectHeader? Last(string key) => _headers.LastOrDefault(header => header.Key == key);

    /// <summary>A copy with one more.</summary>
    public ConnectHeaders Add(string key, SchemaAndValue value) => new([.. _headers, new ConnectHeader(key, value.Schema, value.Value)]);

    /// <summary>A copy without those that match.</summary>
    public ConnectHeaders Without(Func<ConnectHeader, bool> match) => new(_headers.Where(header => !match(header)));

    /// <inheritdoc/>
    public IEnumerator<ConnectHeader> GetEnumerator() => ((IEnumerable<ConnectHeader>)_headers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
