using System.Text;
using Barnabas.Testing;
using Barnabas.Transport.Http;
using Barnabas.Transport.Memory;

namespace Barnabas.Transport.Tests.Http;

/// <summary>The server below metrics and the REST API, byte by byte.</summary>
public sealed class HttpServerTests : IAsyncLifetime, IHttpHandler
{
    private static readonly HttpLimits Limits = new() { Connections = 3, LineBytes = 200, HeaderBytes = 400, Headers = 5, BodyBytes = 1000, Idle = TimeSpan.FromDays(1), Linger = TimeSpan.Zero };

    private readonly ManualTimeProvider _time = new(new DateTimeOffset(2026, 11, 22, 8, 0, 27, TimeSpan.Zero));
    private readonly MemoryTransport _network = new(TimeProvider.System);
    private readonly RecordingLogger _log = new();
    private readonly TaskCompletionSource _isHeld = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private HttpServer _server = null!;

    public async ValueTask InitializeAsync() => _server = HttpServer.Start([await _network.ListenAsync("", 8083)], this, new HttpServerOptions { Name = "test", Limits = Limits }, _time, _log);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Requests_of_a_connection_are_answered_in_order_however_they_are_cut()
    {
        var sent = "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
            + "\r\nPUT /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;why=not\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
            + "GET http://proxy/d?e=f HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        string[] bodies = ["GET /a ", "POST /b hello", "PUT /c abc0123456789", "GET /d?e=f "];
        Assert.Equal(bodies, Bodies(await AskAsync(sent)));
        await using var connection = await ConnectAsync();
        foreach (var one in sent) await SendAsync(connection, $"{one}");
        Assert.Equal(bodies, Bodies(await ReadAsync(connection)));
    }

    [Fact]
    public async Task An_answer_has_a_date_a_length_and_the_end_of_the_connection_where_it_ends() => Assert.Equal(
        "HTTP/1.1 200 OK\r\nDate: Sun, 22 Nov 2026 08:00:27 GMT\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\nGET /a ",
        await AskAsync("GET /a HTTP/1.0\r\n\r\n"));

    [Fact]
    public async Task An_answer_to_HEAD_has_the_length_and_no_body()
    {
        var answer = await AskAsync("HEAD /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains("Content-Length: 8\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_asks_before_it_sends_its_body_is_told_to_go_on()
    {
        await using var connection = await ConnectAsync();
        await SendAsync(connection, "PUT /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n");
        var first = new byte[100];
        var length = await connection.ReceiveAsync(first, TestContext.Current.CancellationToken);
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(first, 0, length));
        await SendAsync(connection, "{}");
        Assert.Equal(["PUT /a {}"], Bodies(await ReadAsync(connection)));
    }

    [Theory]
    [InlineData("hello\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)] // no Host
    [InlineData("GET / HTTP/1.1\nHost: x\n\n", 400)]
    [InlineData("GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("G@T / HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\u0001\r\n\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3E9\r\n", 413)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", 400)]
    [InlineData("PUT / HTTP/1.1\r\nHost: x\r\nExpect: magic\r\n\r\n", 417)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n1: \r\n2: \r\n3: \r\n4: \r\n5: \r\n\r\n", 431)]
    public async Task What_is_no_request_is_refused_and_the_connection_closed(string sent, int status)
    {
        var answer = await AskAsync(sent);
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"\r\n\r\nrefused with {status}: ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_longer_than_they_may_be_are_refused_before_their_end()
    {
        Assert.StartsWith("HTTP/1.1 414 ", await AskAsync("GET /" + new string('a', 1000)), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync("GET / HTTP/1.1\r\nHost: " + new string('a', 1000)), StringComparison.Ordinal);
        var large = new string('a', 150);
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync($"GET / HTTP/1.1\r\nHost: {large}\r\nA: {large}\r\nB: {large}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_does_not_come_to_its_end_is_given_up()
    {
        await using var connection = await ConnectAsync();
        await SendAsync(connection, "GET / HTTP/1.1\r\nHost: ");
        var end = ReadAsync(connection);
        for (var i = 0; i < 1000 && !end.IsCompleted; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        Assert.Equal("", await end.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Connections_above_the_limit_are_closed_at_once()
    {
        var open = new List<ITransportConnection>();
        for (var i = 0; i < Limits.Connections; i++) open.Add(await ConnectAsync());
        foreach (var connection in open)
        {
            await SendAsync(connection, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            Assert.True(await connection.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken) > 0);
        }

        await using var more = await ConnectAsync();
        await Assert.ThrowsAsync<TransportException>(async () => await more.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
        foreach (var connection in open) await connection.DisposeAsync();
    }

    [Fact]
    public async Task The_server_ends_after_the_request_under_way_and_without_waiting_for_idle_connections()
    {
        await using var idle = await ConnectAsync();
        await using var busy = await ConnectAsync();
        await SendAsync(busy, "GET /hold HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        await _isHeld.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var ended = _server.DisposeAsync().AsTask();
        Assert.False(ended.IsCompleted);
        _hold.SetResult();
        Assert.Equal(["GET /hold "], Bodies(await ReadAsync(busy)));
        await ended.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Each_request_is_a_line_in_the_log_as_Apache_Kafkas_worker_writes_it()
    {
        await AskAsync("GET /connectors/s2/status?a=b HTTP/1.1\r\nHost: x\r\nUser-Agent: Python-urllib/3.11 \"x\"\r\nConnection: close\r\n\r\n");
        await AskAsync("HEAD / HTTP/1.1\r\nHost: x\r\nReferer: http://r/\r\nConnection: close\r\n\r\n");
        await AskAsync("hello\r\n\r\n");
        await _log.AwaitAsync(3, TestContext.Current.CancellationToken);
        Assert.Equal(
            [
                "127.0.0.1 - - [22/Nov/2026:08:00:27 +0000] \"GET /connectors/s2/status?a=b HTTP/1.1\" 200 30 \"\" \"Python-urllib/3.11 \\\"x\\\"\" 0",
                "127.0.0.1 - - [22/Nov/2026:08:00:27 +0000] \"HEAD / HTTP/1.1\" 200 0 \"http://r/\" \"\" 0",
                "127.0.0.1 - - [22/Nov/2026:08:00:27 +0000] \"-\" 400 43 \"\" \"\" 0",
            ],
            _log.Lines.Select(line => line.Text));
    }

    HttpAnswer IHttpHandler.Refuse(HttpException error) => new() { Status = error.Status, ContentType = "text/plain", Body = Encoding.UTF8.GetBytes($"refused with {error.Status}: {error.Message}") };

    async Task<HttpAnswer> IHttpHandler.AnswerAsync(HttpRequest request, CancellationToken stop)
    {
        if (request.Path == "/hold")
        {
            _isHeld.SetResult();
            await _hold.Task.WaitAsync(stop);
        }

        return new HttpAnswer { ContentType = "text/plain", Body = Encoding.UTF8.GetBytes($"{request.Method} {request.Target} {Encoding.UTF8.GetString(request.Body.Span)}") };
    }

    private ValueTask<ITransportConnection> ConnectAsync() => _network.ConnectAsync("", 8083, TestContext.Current.CancellationToken);

    private static ValueTask SendAsync(ITransportConnection connection, string text) => connection.SendAsync([Encoding.Latin1.GetBytes(text)], TestContext.Current.CancellationToken);

    private async Task<string> AskAsync(string text)
    {
        await using var connection = await ConnectAsync();
        await SendAsync(connection, text);
        return await ReadAsync(connection);
    }

    private static async Task<string> ReadAsync(ITransportConnection connection)
    {
        var all = new List<byte>();
        var buffer = new byte[1000];
        while (await connection.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is > 0 and var length) all.AddRange(buffer.AsSpan(0, length));
        return Encoding.Latin1.GetString([.. all]);
    }

    // What is behind the empty line of each answer, of the length that is told before.
    private static List<string> Bodies(string answers)
    {
        var bodies = new List<string>();
        for (var at = 0; at < answers.Length;)
        {
            var head = answers.IndexOf("\r\n\r\n", at, StringComparison.Ordinal) + 4;
            var told = answers.IndexOf("Content-Length: ", at, StringComparison.Ordinal) + "Content-Length: ".Length;
            var length = int.Parse(answers[told..answers.IndexOf('\r', told)], System.Globalization.CultureInfo.InvariantCulture);
            bodies.Add(answers.Substring(head, length));
            at = head + length;
        }

        return bodies;
    }
}
