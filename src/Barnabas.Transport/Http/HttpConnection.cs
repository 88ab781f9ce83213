using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Barnabas.Transport.Http;

/// <summary>A connection of the server: one request after the other, each read whole, answered and logged by one loop.</summary>
internal sealed class HttpConnection(ITransportConnection connection, IHttpHandler handler, HttpServerOptions options, TimeProvider time, ILogger logger)
{
    private const string Stopping = "the server stops";
    private static readonly ReadOnlyMemory<byte> Continue = "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray();

    private readonly HttpInput _input = new(connection, options.Limits.LineBytes);
    private readonly Lock _gate = new();
    private bool _isIdle = true;
    private bool _isStopping;

    /// <summary>Ends the connection once the request under way, if any, is answered.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopping = true;
            if (_isIdle) connection.Abort(Stopping);
        }
    }

    /// <summary>Closes it at once.</summary>
    public void Abort() => connection.Abort(Stopping);

    /// <summary>Serves requests until either side has enough. Throws nothing.</summary>
    /// <param name="stop">Ends requests under way.</param>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (await AwaitRequestAsync(stop) && await ServeAsync(stop) && Idle(true))
            {
                // The next request.
            }
        }
        catch (Exception error) when (error is TransportException or OperationCanceledException)
        {
            // The peer has gone, is too slow, or we stop: there is nobody to tell.
        }
        catch (Exception error)
        {
            HttpLog.ConnectionFailed(logger, options.Name, connection.RemoteEndPoint.Address, error);
        }
        finally
        {
            _input.Dispose();
            await connection.DisposeAsync();
        }
    }

    private async ValueTask<bool> AwaitRequestAsync(CancellationToken stop)
    {
        using var limit = Limit(options.Limits.Idle, stop);
        return await _input.AwaitAsync(limit.Token) && Idle(false);
    }

    // False where this was the last request of the connection.
    private async Task<bool> ServeAsync(CancellationToken stop)
    {
        var begin = time.GetTimestamp();
        var now = time.GetUtcNow();
        HttpRequest? request = null;
        HttpAnswer answer;
        var (keepsAlive, isRefused) = (false, false);
        try
        {
            using (var limit = Limit(options.Limits.Head, stop)) request = await HttpRequestReader.ReadHeadAsync(_input, connection, options.Limits, limit.Token);
            request = await WithBodyAsync(request, stop);
            answer = await handler.AnswerAsync(request, stop);
            lock (_gate) keepsAlive = request.KeepsAlive && !_isStopping;
        }
        catch (HttpException error)
        {
            answer = handler.Refuse(error);
            isRefused = true;
        }

        await SendAsync(answer, request?.Method == "HEAD", now, keepsAlive, stop);
        HttpLog.Answered(
            logger, options.RequestLevel, connection.RemoteEndPoint.Address, now.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture),
            request is null ? "-" : $"{request.Method} {request.Target} {request.Version}", answer.Status, request?.Method == "HEAD" ? 0 : answer.Body.Length,
            Quoted(request, "Referer"), Quoted(request, "User-Agent"), (long)time.GetElapsedTime(begin).TotalMilliseconds);
        if (isRefused) await LingerAsync(stop);
        return keepsAlive;
    }

    private async ValueTask<HttpRequest> WithBodyAsync(HttpRequest head, CancellationToken stop)
    {
        var length = HttpRequestReader.LengthOf(head, options.Limits);
        using var limit = Limit(options.Limits.Body, stop);
        if (head.Header("Expect") is { } expected)
        {
            if (!string.Equals(expected, "100-continue", StringComparison.OrdinalIgnoreCase)) throw new HttpException(417, $"{expected} is not known.");
            if (length != 0) await connection.SendAsync([Continue], limit.Token);
        }

        return length == 0 ? head : head with { Body = await HttpBody.ReadAsync(_input, length, options.Limits, limit.Token) };
    }

    private async ValueTask SendAsync(HttpAnswer answer, bool isHead, DateTimeOffset now, bool keepsAlive, CancellationToken stop)
    {
        using var limit = Limit(options.Limits.Body, stop);
        var head = answer.Head(now, keepsAlive);
        await connection.SendAsync(isHead || answer.Body.IsEmpty ? [head] : [head, answer.Body], limit.Token);
    }

    // A peer that still sends while its connection is closed would lose the answer.
    private async ValueTask LingerAsync(CancellationToken stop)
    {
        using var limit = Limit(options.Limits.Linger, stop);
        await _input.DrainAsync(limit.Token);
    }

    private static string Quoted(HttpRequest? request, string header) => request?.Header(header)?.Replace("\"", "\\\"", StringComparison.Ordinal) ?? "";

    private bool Idle(bool isIdle)
    {
        lock (_gate)
        {
            _isIdle = isIdle;
            return !_isStopping;
        }
    }

    private Deadline Limit(TimeSpan limit, CancellationToken stop) => new(limit, time, stop);

    private readonly struct Deadline : IDisposable
    {
        private readonly CancellationTokenSource _after;
        private readonly CancellationTokenSource _either;

        public Deadline(TimeSpan limit, TimeProvider time, CancellationToken stop)
        {
            _after = new CancellationTokenSource(limit, time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_after.Token, stop);
        }

        public CancellationToken Token => _either.Token;

        public void Dispose()
        {
            _either.Dispose();
            _after.Dispose();
        }
    }
}
