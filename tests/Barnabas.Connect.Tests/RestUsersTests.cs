using System.Net;
using System.Text;
using Barnabas.Configuration;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The REST API for users with a name and a password, as Kafka Connect's basic authentication extension has them.</summary>
public sealed class RestUsersTests : IDisposable
{
    private const string Package = "org.apache.kafka.connect.rest.basic.auth.extension.";
    private const string Extension = Package + "BasicAuthSecurityRestExtension";

    private readonly string _users = Path.GetTempFileName();

    public void Dispose() => System.IO.File.Delete(_users);

    [Theory]
    [InlineData("Basic", "ann:s3cret", true)]
    [InlineData("basic", "bob:with:colon", true)]
    [InlineData("Basic", "ann:wrong", false)]
    [InlineData("Basic", "carl:s3cret", false)]
    [InlineData("Basic", "ann", false)]
    [InlineData("Bearer", "ann:s3cret", false)]
    [InlineData(null, null, false)]
    public async Task Only_a_known_name_with_its_password_is_answered(string? scheme, string? user, bool isAnswered)
    {
        await using var worker = await StartAsync("ann=s3cret\nbob=with\\:colon\n");
        var headers = scheme is null ? [] : new[] { ("Authorization", $"{scheme} {Convert.ToBase64String(Encoding.UTF8.GetBytes(user!))}") };
        foreach (var path in (string[])["/", "/connectors", "/admin/loggers", "/nowhere"])
        {
            using var answer = await worker.AskAsync(HttpMethod.Get, path, headers);
            if (isAnswered)
            {
                Assert.Equal(path == "/nowhere" ? HttpStatusCode.NotFound : HttpStatusCode.OK, answer.StatusCode);
                continue;
            }

            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
            Assert.Equal("User cannot access the resource.", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Requests_between_workers_need_no_user_but_are_judged_by_their_signature()
    {
        await using var worker = await StartAsync("ann=s3cret\n");
        using var answer = await worker.AskAsync(HttpMethod.Put, "/connectors/none/fence");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_admin_listener_asks_for_users_too()
    {
        await using var worker = await StartAsync("ann=s3cret\n", ("admin.listeners", "http://127.0.0.1:0"));
        using var answer = await worker.AskAsync(HttpMethod.Get, Assert.Single(worker.AdminAddresses) + "/admin/loggers");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task An_empty_file_of_users_lets_everybody_in()
    {
        await using var worker = await StartAsync("# nobody yet\n");
        using var answer = await worker.AskAsync(HttpMethod.Get, "/connectors");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("com.example.Mine", Package + "PropertyFileLoginModule required file=\"USERS\";", "Java classes cannot run here")]
    [InlineData(Extension, null, "needs an entry KafkaConnect in the login file")]
    [InlineData(Extension, "com.example.LdapLoginModule required file=\"USERS\";", "Java classes cannot run here")]
    [InlineData(Extension, Package + "PropertyFileLoginModule required;", "Property Credentials file must be specified")]
    [InlineData(Extension, Package + "PropertyFileLoginModule required file=\"/nowhere/users\";", "Error loading Property Credentials file /nowhere/users")]
    public async Task A_worker_that_could_not_keep_others_out_does_not_start(string extension, string? login, string reason)
    {
        var properties = new Dictionary<string, string> { ["rest.extension.classes"] = extension };
        if (login is not null) properties["barnabas.rest.jaas.config"] = login.Replace("USERS", _users, StringComparison.Ordinal);
        var error = await Assert.ThrowsAsync<ConfigException>(() => TestWorker.StartAsync(isDistributed: false, properties));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    private async Task<TestWorker> StartAsync(string users, params (string Key, string Value)[] more)
    {
        await System.IO.File.WriteAllTextAsync(_users, users, TestContext.Current.CancellationToken);
        var properties = more.ToDictionary(pair => pair.Key, pair => pair.Value);
        properties["rest.extension.classes"] = Extension;
        properties["barnabas.rest.jaas.config"] = $"{Package}PropertyFileLoginModule required file=\"{_users}\";";
        return await TestWorker.StartAsync(properties: properties);
    }
}
