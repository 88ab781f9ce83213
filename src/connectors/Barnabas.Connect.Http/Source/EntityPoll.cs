using System.Text;
using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Http.Requests;
using Barnabas.Connect.Records;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Http.Source;

/// <summary>Asks for one entity, one request at a time, and knows what of it was read.</summary>
internal sealed class EntityPoll
{
    private readonly HttpSourceConfig _config;
    private readonly HttpEndpoint _endpoint;
    private readonly ValueReader _values;
    private readonly string _entity;
    private readonly SemaphoreSlim _slots;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<string, object?> _partition;
    private readonly string _topic;
    private readonly HttpMethod _method;
    private readonly TimeSpan _interval;
    private RecordOffset _offset;
    private long? _began;

    public EntityPoll(
        HttpSourceConfig config, HttpEndpoint endpoint, ValueReader values, string entity, RecordOffset offset, SemaphoreSlim slots, TimeProvider time, ILogger logger)
    {
        _config = config;
        _endpoint = endpoint;
        _values = values;
        _entity = entity;
        _offset = offset;
        _slots = slots;
        _time = time;
        _logger = logger;
        _partition = PartitionOf(entity);
        _topic = new UrlTemplate(config.Values.GetString("topic.name.pattern")).Fill(entity, "", isUrl: false);
        _method = HttpMethod.Parse(config.Values.GetString("http.request.method").ToUpperInvariant());
        _interval = config.Values.GetMilliseconds("request.interval.ms");
    }

    public static Dictionary<string, object?> PartitionOf(string entity) => new() { [HttpSourceConnector.EntityField] = entity };

    /// <summary>Waits until the next request is due, makes it, and gives what is new.</summary>
    /// <exception cref="ConnectException">It failed, and that is not to be ignored.</exception>
    public async Task<IReadOnlyList<SourceRecord>> RunAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        if (_began is { } began && _interval - _time.GetElapsedTime(began) is var left && left > TimeSpan.Zero) await Task.Delay(left, _time, cancellationToken);
        _began = _time.GetTimestamp();
        await _slots.WaitAsync(cancellationToken);
        var call = CallNow();
        try
        {
            var answer = await _endpoint.SendAsync(call, cancellationToken);
            return answer.IsUnchanged ? [] : Take(answer);
        }
        catch (Exception error) when (error is HttpFailureException or DataException)
        {
            var url = call.Url.GetLeftPart(UriPartial.Path);
            if (!_config.IgnoresErrors) throw new ConnectException($"{url} could not be read: {error.Message}", error);
            HttpLog.AnswerIgnored(_logger, url, error.Message);
            return [];
        }
        finally
        {
            _slots.Release();
        }
    }

    private HttpCall CallNow()
    {
        var offset = _offset.Value is null ? _config.Values.GetString("http.initial.offset") : _offset.Text;
        if (offset.Length == 0 && _config.Mode == OffsetMode.SimpleIncrementing) offset = "0";
        var url = _config.Url.Fill(_entity, offset, isUrl: true);
        var parameters = new UrlTemplate(_config.Values.GetString("http.request.parameters")).Fill(_entity, offset, isUrl: true);
        if (parameters.Length > 0) url += (url.Contains('?', StringComparison.Ordinal) ? "&" : "?") + parameters;
        var body = _method == HttpMethod.Post ? Encoding.UTF8.GetBytes(new UrlTemplate(_config.Values.GetString("http.request.body")).Fill(_entity, offset, isUrl: false)) : null;
        return new HttpCall(_method, new Uri(url), body is null ? default(ReadOnlyMemory<byte>?) : body, "application/json", _config.Mode == OffsetMode.ETag ? _offset.Tag : null);
    }

    private List<SourceRecord> Take(HttpAnswer answer)
    {
        var taken = _values.Read(answer.Body, _config.Mode == OffsetMode.Increasing ? _offset.Value : null);
        var records = new List<SourceRecord>(taken.Count);
        var timestamp = _time.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < taken.Count; i++)
        {
            // A tag says that all of an answer is known: only its last record may say so.
            _offset = _config.Mode switch
            {
                OffsetMode.ETag when i == taken.Count - 1 => new RecordOffset(null, answer.ETag),
                OffsetMode.Increasing or OffsetMode.Chaining => new RecordOffset(taken[i].Offset, null),
                OffsetMode.SimpleIncrementing => new RecordOffset(Count() + 1, null),
                _ => _offset,
            };
            records.Add(new SourceRecord
            {
                Topic = _topic,
                KeySchema = _entity.Length == 0 ? null : Schema.String,
                Key = _entity.Length == 0 ? null : _entity,
                ValueSchema = taken[i].Schema,
                Value = taken[i].Value,
                Timestamp = timestamp,
                SourcePartition = _partition,
                SourceOffset = _offset.ToMap(),
            });
        }

        if (taken.Count == 0 && _config.Mode == OffsetMode.ETag) _offset = new RecordOffset(null, answer.ETag);
        return records;
    }

    private long Count()
    {
        if (_offset.Value is long count) return count;
        return long.TryParse(_config.Values.GetString("http.initial.offset"), out var initial) ? initial : 0;
    }
}
