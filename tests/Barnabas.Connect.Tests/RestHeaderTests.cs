using System.Net;
using Barnabas.Configuration;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>What answers of the REST API have beside what was asked for, and where <c>/admin</c> is.</summary>
public sealed class RestHeaderTests
{
    private const string Page = "https://console.example.org";

    [Theory]
    [InlineData("*", true)]
    [InlineData("https://other.example.org, https://CONSOLE.example.org", true)]
    [InlineData("https://[a-z]+\\.example\\.org", true)]
    [InlineData("https://other.example.org", false)]
    [InlineData("console", false)]
    public async Task A_page_of_an_allowed_origin_may_read_answers(string allowed, bool may)
    {
        await using var worker = await StartAsync(("access.control.allow.origin", allowed));
        using var answer = await worker.AskAsync(HttpMethod.Get, "/connectors", ("Origin", Page));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Origin", Header(answer, "Vary"));
        Assert.Equal(may ? Page : null, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Null(Header(answer, "Access-Control-Allow-Methods"));
    }

    [Theory]
    [InlineData("", "GET,POST,HEAD")]
    [InlineData("GET, PUT,DELETE", "GET,PUT,DELETE")]
    public async Task A_browser_that_asks_before_is_told_the_methods(string methods, string told)
    {
        await using var worker = await StartAsync(("access.control.allow.origin", Page), ("access.control.allow.methods", methods));
        using var answer = await worker.AskAsync(HttpMethod.Options, "/connectors", ("Origin", Page), ("Access-Control-Request-Method", "PUT"));
        Assert.Equal(
            (HttpStatusCode.OK, Page, told, "Content-Type", "60"),
            (answer.StatusCode, Header(answer, "Access-Control-Allow-Origin"), Header(answer, "Access-Control-Allow-Methods"), Header(answer, "Access-Control-Allow-Headers"), Header(answer, "Access-Control-Max-Age")));
    }

    [Fact]
    public async Task Without_configuration_no_page_of_another_origin_may_read_anything()
    {
        await using var worker = await StartAsync();
        using var answer = await worker.AskAsync(HttpMethod.Get, "/connectors", ("Origin", Page));
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
        Assert.Null(Header(answer, "Vary"));
    }

    [Fact]
    public async Task Every_answer_has_the_headers_of_the_rules()
    {
        const string rules = "add X-XSS-Protection: 1; mode=block, \"add Cache-Control: no-cache, no-store\", set X-Frame-Options:SAMEORIGIN, set X-Frame-Options: DENY, setDate Expires: -86400000, set Content-Type: text/html";
        await using var worker = await StartAsync(("response.http.headers.config", rules));
        foreach (var path in (string[])["/connectors", "/connectors/none"])
        {
            using var answer = await worker.AskAsync(HttpMethod.Get, path);
            Assert.Equal("1; mode=block", Header(answer, "X-XSS-Protection"));
            Assert.Equal("no-cache, no-store", Header(answer, "Cache-Control"));
            Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
            Assert.InRange(answer.Content.Headers.Expires!.Value, answer.Headers.Date!.Value.AddHours(-25), answer.Headers.Date!.Value.AddHours(-23));
            Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Theory]
    [InlineData("response.http.headers.config", "X-Frame-Options:DENY", "Invalid format of header config 'X-Frame-Options:DENY'. Expected: '[action] [header name]:[header value]'")]
    [InlineData("response.http.headers.config", "put X-Frame-Options:DENY", "Invalid header config action: 'put'. Expected one of [set, add, setDate, addDate]")]
    [InlineData("response.http.headers.config", "set X-Frame-Options", "Invalid format of header name and header value pair 'X-Frame-Options'. Expected: '[header name]:[header value]'")]
    [InlineData("response.http.headers.config", "set X Frame:DENY", "Invalid header name 'X Frame'. The '[header name]' cannot contain whitespace")]
    [InlineData("response.http.headers.config", "setDate Expires:tomorrow", "a date is a number of milliseconds from now")]
    [InlineData("response.http.headers.config", "setDate Expires:-9223372036854775808", "a date is a number of milliseconds from now")]
    [InlineData("access.control.allow.origin", "http://(", "neither * nor a regular expression")]
    [InlineData("admin.listeners", "ftp://x:1", "Malformed listener")]
    [InlineData("admin.listeners", "https://127.0.0.1:0", "admin.listeners.https.ssl.keystore.location")]
    public async Task What_is_not_valid_is_refused_at_the_start(string key, string value, string reason)
    {
        var error = await Assert.ThrowsAsync<ConfigException>(() => StartAsync((key, value)));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Admin_is_at_listeners_of_its_own_alone()
    {
        await using var worker = await StartAsync(("admin.listeners", "http://127.0.0.1:0"));
        var admin = Assert.Single(worker.AdminAddresses);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(worker, "/admin/loggers"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(worker, "/connectors"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(worker, admin + "/admin/loggers"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(worker, admin + "/connectors"));
    }

    [Fact]
    public async Task Admin_is_nowhere_where_its_listeners_are_none()
    {
        await using var worker = await StartAsync(("admin.listeners", ""));
        Assert.Empty(worker.AdminAddresses);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(worker, "/admin/loggers"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(worker, "/connectors"));
    }

    private static Task<TestWorker> StartAsync(params (string Key, string Value)[] properties) =>
        TestWorker.StartAsync(isDistributed: false, properties.ToDictionary(pair => pair.Key, pair => pair.Value));

    private static async Task<HttpStatusCode> StatusAsync(TestWorker worker, string path)
    {
        using var answer = await worker.AskAsync(HttpMethod.Get, path);
        return answer.StatusCode;
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
