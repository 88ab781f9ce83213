using Barnabas.Connect.Data;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Http.Requests;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Http.Sink;

/// <summary>Sends records in their order, several of one URL in a request. What the server does not take goes where <c>errors.*</c> says.</summary>
public sealed class HttpSinkTask : SinkTask
{
    private readonly List<SinkRecord> _batch = [];
    private readonly List<byte[]> _values = [];
    private HttpSinkConfig? _config;
    private HttpEndpoint? _endpoint;
    private BodyWriter? _body;
    private SinkTaskContext? _context;
    private HttpMethod _method = HttpMethod.Post;
    private string _url = "";

    /// <inheritdoc/>
    public override Task StartAsync(SinkTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _context = context;
        _config = new HttpSinkConfig(configs);
        _method = HttpMethod.Parse(_config.Values.GetString("request.method").ToUpperInvariant());
        _body = new BodyWriter(_config);
        _endpoint = new HttpEndpoint(_config.Values, _config.Headers, context.Time, context.Logger);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task PutAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        _batch.Clear();
        _values.Clear();
        foreach (var record in records)
        {
            var url = SinkUrl.For(_config!.Values.GetString(HttpSinkConfig.UrlKey), record);
            if (record.Value is null)
            {
                await SendBatchAsync(cancellationToken);
                await TakeNullAsync(record, url, cancellationToken);
                continue;
            }

            if (_batch.Count > 0 && (url != _url || _batch.Count >= _config.Values.GetInt("batch.max.size"))) await SendBatchAsync(cancellationToken);
            _url = url;
            await AddAsync(record);
        }

        await SendBatchAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override Task StopAsync()
    {
        _endpoint?.Dispose();
        return Task.CompletedTask;
    }

    private async Task AddAsync(SinkRecord record)
    {
        try
        {
            _values.Add(_body!.ValueOf(record));
            _batch.Add(record);
        }
        catch (DataException error)
        {
            if (_context!.Errants is null) throw;
            await _context.Errants.ReportAsync(record, error);
        }
    }

    private async Task TakeNullAsync(SinkRecord record, string url, CancellationToken cancellationToken)
    {
        switch (_config!.Values.GetString("behavior.on.null.values").ToUpperInvariant())
        {
            case "DELETE":
                await SendAsync(new HttpCall(HttpMethod.Delete, new Uri(url), null, null, null), [record], cancellationToken);
                break;
            case "FAIL":
                await RefuseAsync([record], url, new ConnectException($"The record at {record.OriginalTopic}-{record.OriginalPartition}@{record.Offset} has no value, and behavior.on.null.values is fail."));
                break;
        }
    }

    private async Task SendBatchAsync(CancellationToken cancellationToken)
    {
        if (_batch.Count == 0) return;
        await SendAsync(new HttpCall(_method, new Uri(_url), _body!.Write(_values), _body.ContentType, null), _batch, cancellationToken);
        _batch.Clear();
        _values.Clear();
    }

    private async Task SendAsync(HttpCall call, IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await _endpoint!.SendAsync(call, cancellationToken);
        }
        catch (HttpFailureException error)
        {
            var url = call.Url.GetLeftPart(UriPartial.Path);
            await RefuseAsync(records, url, new ConnectException($"{url} did not take {records.Count} record(s): {error.Message}", error));
        }
    }

    private async Task RefuseAsync(IReadOnlyList<SinkRecord> records, string url, ConnectException error)
    {
        if (_context!.Errants is null) throw error;
        HttpLog.RecordsReported(_context.Logger, url, records.Count, records[0].Topic, error.Message);
        foreach (var record in records) await _context.Errants.ReportAsync(record, error);
    }
}
