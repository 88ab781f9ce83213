using System.Text;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Http.Sink;

/// <summary>Puts the values of records into the body of a request.</summary>
internal sealed class BodyWriter(HttpSinkConfig config)
{
    private readonly JsonConverter _json = JsonConverter.WithoutSchemas();
    private readonly byte[] _prefix = Encoding.UTF8.GetBytes(config.IsList ? "[" : config.Values.GetString("batch.prefix"));
    private readonly byte[] _separator = Encoding.UTF8.GetBytes(config.IsList ? "," : config.Values.GetString("batch.separator"));
    private readonly byte[] _suffix = Encoding.UTF8.GetBytes(config.IsList ? "]" : config.Values.GetString("batch.suffix"));

    public string ContentType { get; } = config.IsJson ? "application/json" : "text/plain; charset=utf-8";

    /// <summary>The bytes of a value.</summary>
    /// <exception cref="DataException">It cannot be written as JSON.</exception>
    public byte[] ValueOf(SinkRecord record) => record.Value switch
    {
        string text when !config.IsJson => Encoding.UTF8.GetBytes(text),
        byte[] bytes when !config.IsJson => bytes,
        _ => _json.FromConnectData(record.Topic, record.Headers, record.ValueSchema, record.Value)!,
    };

    /// <summary>The body of a request with these values.</summary>
    public byte[] Write(IReadOnlyList<byte[]> values)
    {
        using var body = new MemoryStream(_prefix.Length + _suffix.Length + values.Sum(value => value.Length + _separator.Length));
        body.Write(_prefix);
        for (var i = 0; i < values.Count; i++)
        {
            if (i > 0) body.Write(_separator);
            body.Write(values[i]);
        }

        body.Write(_suffix);
        return body.ToArray();
    }
}
