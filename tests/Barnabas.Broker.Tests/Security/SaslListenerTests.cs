using System.Buffers.Binary;
using System.Text;
using Barnabas.Broker.Tests.Support;
using Barnabas.Client.Security;
using Barnabas.Client;
using Barnabas.Client.Admin;
using Barnabas.Configuration;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Testing;
using Barnabas.Transport.Sasl.Scram;
using Microsoft.Extensions.Logging.Abstractions;

namespace Barnabas.Broker.Tests.Security;

public sealed class SaslListenerTests
{
    private const string Plain = """org.apache.kafka.common.security.plain.PlainLoginModule required username="admin" password="admin-secret" user_admin="admin-secret" user_alice="alice-secret";""";

    [Fact]
    public async Task Nothing_passes_before_authentication()
    {
        await using var broker = await StartAsync();
        foreach (var request in (IRequest[])[new MetadataRequest(), new CreateTopicsRequest(), new SaslAuthenticateRequest { AuthBytes = Token("alice", "alice-secret") }])
        {
            await using var client = await RawClient.ConnectAsync(broker);
            await client.SendAsync(request, 1);
            Assert.Null(await client.ReceiveFrameAsync());
        }
    }

    [Fact]
    public async Task ApiVersions_and_the_handshake_come_first()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" }, 3)).ErrorCode);
        var handshake = await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        Assert.Equal(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"], handshake.Mechanisms);
        var answer = await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = Token("alice", "alice-secret") }, 2);
        Assert.Equal((ErrorCode.None, 0), (answer.ErrorCode, answer.SessionLifetimeMs));
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new MetadataRequest { Topics = [] }, 12)).ErrorCode);
    }

    [Fact]
    public async Task ApiVersions_after_the_handshake_is_told_so_and_ends_the_connection()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        Assert.Equal(ErrorCode.IllegalSaslState, (await client.CallAsync(new ApiVersionsRequest(), 0)).ErrorCode);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task Handshake_version_0_is_followed_by_bare_tokens()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 0);
        var token = Token("alice", "alice-secret");
        var framed = new byte[4 + token.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, token.Length);
        token.CopyTo(framed.AsMemory(4));
        await client.SendBytesAsync(framed);
        Assert.Empty((await client.ReceiveFrameAsync())!);
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new MetadataRequest { Topics = [] }, 12)).ErrorCode);
    }

    [Theory]
    [InlineData("\0alice\0wrong", "Authentication failed: Invalid username or password")]
    [InlineData("\0nobody\0x", "Authentication failed: Invalid username or password")]
    [InlineData("admin\0alice\0alice-secret", "Authentication failed: Client requested an authorization id that is different from username")]
    [InlineData("alice", "Invalid SASL/PLAIN response: expected 3 tokens, got 1")]
    public async Task A_wrong_token_is_answered_and_ends_the_connection(string token, string message)
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        var answer = await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes(token) }, 2);
        Assert.Equal((ErrorCode.SaslAuthenticationFailed, message), (answer.ErrorCode, answer.ErrorMessage));
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_mechanism_that_is_not_enabled_is_answered_with_those_that_are()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        var answer = await client.CallAsync(new SaslHandshakeRequest { Mechanism = "GSSAPI" }, 1);
        Assert.Equal((ErrorCode.UnsupportedSaslMechanism, 3), (answer.ErrorCode, answer.Mechanisms.Count));
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_large_frame_is_refused_before_authentication_alone()
    {
        await using var broker = await StartAsync(("sasl.server.max.receive.size", "1000"));
        await using var client = await RawClient.ConnectAsync(broker);
        await client.CallAsync(new ApiVersionsRequest(), 0);
        await client.SendBytesAsync([0, 0, 4, 0, 1, 2, 3]);
        Assert.Null(await client.ReceiveFrameAsync());
        await using var known = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(known);
        await known.CallAsync(new MetadataRequest { Topics = [new() { Name = new string('x', 2000) }] }, 12);
    }

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public async Task Scram_credentials_are_set_used_listed_and_removed(string mechanism)
    {
        await using var broker = await StartAsync();
        var type = mechanism == "SCRAM-SHA-256" ? ScramMechanismType.ScramSha256 : ScramMechanismType.ScramSha512;
        await using var admin = Admin(broker, SaslOptions.ForUser("PLAIN", "admin", "admin-secret"));
        var outcome = await admin.AlterUserScramCredentialsAsync([UserScramCredentialAlteration.Set("bob,=", type, 4096, "bob-secret")]);
        _ = outcome["bob,="].Value;
        await using (var bob = Admin(broker, SaslOptions.ForUser(mechanism, "bob,=", "bob-secret")))
            Assert.Empty(await bob.ListTopicsAsync());
        await using (var wrong = Admin(broker, SaslOptions.ForUser(mechanism, "bob,=", "bob-wrong")))
        {
            var error = await Assert.ThrowsAsync<KafkaException>(() => wrong.ListTopicsAsync());
            Assert.Equal($"Authentication failed during authentication due to invalid credentials with SASL mechanism {mechanism}", error.Message);
        }
        var described = await admin.DescribeUserScramCredentialsAsync([]);
        Assert.Equal([new ScramCredentialInfo(type, 4096)], described["bob,="].Value);
        _ = (await admin.AlterUserScramCredentialsAsync([UserScramCredentialAlteration.Delete("bob,=", type)]))["bob,="].Value;
        Assert.Empty(await admin.DescribeUserScramCredentialsAsync([]));
    }

    [Fact]
    public async Task A_session_lasts_as_long_as_configured_and_is_renewed()
    {
        var time = new ShiftedTime();
        await using var broker = await StartAsync(time, ("connections.max.reauth.ms", "60000"));
        await using var client = await RawClient.ConnectAsync(broker);
        Assert.Equal(60_000, (await AuthenticateAsync(client)).SessionLifetimeMs);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(60_000, (await AuthenticateAsync(client)).SessionLifetimeMs);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new MetadataRequest { Topics = [] }, 12)).ErrorCode);
        time.Advance(TimeSpan.FromSeconds(2));
        await client.SendAsync(new MetadataRequest { Topics = [] }, 12);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task A_session_stays_the_same_user_s_and_the_same_mechanism_s()
    {
        var time = new ShiftedTime();
        await using var broker = await StartAsync(time, ("connections.max.reauth.ms", "60000"));
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            await AuthenticateAsync(client);
            time.Advance(TimeSpan.FromSeconds(10));
            await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
            var other = await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = Token("admin", "admin-secret") }, 2);
            Assert.Equal((ErrorCode.SaslAuthenticationFailed, "Cannot change principals during re-authentication from User.alice: User.admin"), (other.ErrorCode, other.ErrorMessage));
            Assert.Null(await client.ReceiveFrameAsync());
        }
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            await AuthenticateAsync(client);
            time.Advance(TimeSpan.FromSeconds(10));
            await client.SendAsync(new SaslHandshakeRequest { Mechanism = "SCRAM-SHA-256" }, 1);
            Assert.Null(await client.ReceiveFrameAsync());
        }
    }

    [Fact]
    public async Task A_re_authentication_that_fails_or_is_left_ends_the_session()
    {
        var time = new ShiftedTime();
        await using var broker = await StartAsync(time, ("connections.max.reauth.ms", "60000"));
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            await AuthenticateAsync(client);
            time.Advance(TimeSpan.FromSeconds(10));
            await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = Token("alice", "wrong") }, 2)).ErrorCode);
            Assert.Null(await client.ReceiveFrameAsync());
        }
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            await AuthenticateAsync(client);
            time.Advance(TimeSpan.FromSeconds(10));
            await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
            await client.SendAsync(new MetadataRequest { Topics = [] }, 12);
            Assert.Null(await client.ReceiveFrameAsync());
        }
        await using (var client = await RawClient.ConnectAsync(broker))
        {
            await AuthenticateAsync(client);
            await client.SendAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
            Assert.Null(await client.ReceiveFrameAsync());
        }
    }

    [Fact]
    public async Task A_session_by_a_delegation_token_ends_with_the_token()
    {
        var time = new ShiftedTime();
        await using var broker = await StartAsync(time, ("delegation.token.secret.key", "cluster-secret"), ("delegation.token.expiry.time.ms", "60000"));
        await using var alice = Admin(broker, SaslOptions.ForUser("PLAIN", "alice", "alice-secret"));
        var token = await alice.CreateDelegationTokenAsync(null, []);
        using var scram = new ScramClient(ScramMechanism.Find("SCRAM-SHA-256")!, token.TokenId, Convert.ToBase64String(token.Hmac.Span), isToken: true);
        await using var client = await RawClient.ConnectAsync(broker);
        await client.CallAsync(new SaslHandshakeRequest { Mechanism = "SCRAM-SHA-256" }, 1);
        SaslAuthenticateResponse answer = new();
        for (var message = await scram.EvaluateAsync(default, default); message is not null; message = await scram.EvaluateAsync(answer.AuthBytes.ToArray(), default))
            answer = await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = message }, 2);
        Assert.InRange(answer.SessionLifetimeMs, 1, 60_000);
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new MetadataRequest { Topics = [] }, 12)).ErrorCode);
        time.Advance(TimeSpan.FromSeconds(61));
        await client.SendAsync(new MetadataRequest { Topics = [] }, 12);
        Assert.Null(await client.ReceiveFrameAsync());
    }

    [Fact]
    public async Task An_endless_session_is_one_that_lasts()
    {
        await using var broker = await StartAsync(("connections.max.reauth.ms", long.MaxValue.ToString()));
        await using var client = await RawClient.ConnectAsync(broker);
        Assert.True((await AuthenticateAsync(client)).SessionLifetimeMs > 0);
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new MetadataRequest { Topics = [] }, 12)).ErrorCode);
    }

    [Theory]
    [InlineData("com.sun.security.auth.module.JndiLoginModule required user.provider.url=\"ldap://evil\" password=\"jndi-secret\";")]
    [InlineData("com.sun.security.auth.module.LdapLoginModule required userProvider=\"ldap://evil\" password=\"jndi-secret\";")]
    [InlineData("not a login \"jndi-secret\"")]
    public async Task A_login_module_of_another_kind_is_refused_at_run_time(string login)
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(client);
        const string Key = "listener.name.sasl_plaintext.plain.sasl.jaas.config";
        var response = await client.CallAsync(new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 4, ResourceName = "1", Configs = [new() { Name = Key, Value = login }] }] }, 1);
        Assert.Equal(ErrorCode.InvalidRequest, response.Responses[0].ErrorCode);
        Assert.DoesNotContain("jndi-secret", response.Responses[0].ErrorMessage);
        await using var again = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(again);
    }

    [Fact]
    public async Task A_user_set_at_run_time_may_come_and_one_taken_away_may_not()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(client);
        const string Key = "listener.name.sasl_plaintext.plain.sasl.jaas.config";
        const string Login = """org.apache.kafka.common.security.plain.PlainLoginModule required user_admin="admin-secret" user_carol="carol-secret";""";
        var response = await client.CallAsync(new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 4, ResourceName = "1", Configs = [new() { Name = Key, Value = Login }] }] }, 1);
        Assert.Equal((ErrorCode.None, (string?)null), (response.Responses[0].ErrorCode, response.Responses[0].ErrorMessage));
        await using (var carol = Admin(broker, SaslOptions.ForUser("PLAIN", "carol", "carol-secret")))
            Assert.Empty(await carol.ListTopicsAsync());
        await using var alice = Admin(broker, SaslOptions.ForUser("PLAIN", "alice", "alice-secret"));
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await Assert.ThrowsAsync<KafkaException>(() => alice.ListTopicsAsync())).ErrorCode);
    }

    [Fact]
    public async Task Rights_go_by_the_authenticated_user()
    {
        await using var broker = await StartAsync(("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"), ("super.users", "User:admin"));
        await using var admin = Admin(broker, SaslOptions.ForUser("PLAIN", "admin", "admin-secret"));
        await admin.CreateTopicsAsync([new NewTopic { Name = "a" }, new NewTopic { Name = "b" }]);
        _ = (await admin.CreateAclsAsync([new AclBinding(ResourceType.Topic, "a", PatternType.Literal, "User:alice", "*", AclOperation.Describe, AclPermissionType.Allow)])).Values.Single().Value;
        await using var alice = Admin(broker, SaslOptions.ForUser("PLAIN", "alice", "alice-secret"));
        Assert.Equal(["a"], (await alice.ListTopicsAsync()).Select(topic => topic.Name));
        await using var raw = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(raw);
        var mixed = await raw.CallAsync(new MetadataRequest { Topics = [new() { Name = "a" }, new() { Name = "b" }], IncludeTopicAuthorizedOperations = true }, 12);
        Assert.Equal([("a", ErrorCode.None, 1 << 8), ("b", ErrorCode.TopicAuthorizationFailed, int.MinValue)], mixed.Topics.Select(t => (t.Name!, t.ErrorCode, t.TopicAuthorizedOperations)));
    }

    [Fact]
    public async Task A_delegation_token_stands_for_its_owner_until_it_is_ended()
    {
        await using var broker = await StartAsync(("delegation.token.secret.key", "cluster-secret"));
        await using var alice = Admin(broker, SaslOptions.ForUser("PLAIN", "alice", "alice-secret"));
        var token = await alice.CreateDelegationTokenAsync(null, [KafkaPrincipal.User("admin")]);
        Assert.Equal([token.TokenId], (await alice.DescribeDelegationTokensAsync()).Select(found => found.TokenId));
        var login = $"org.apache.kafka.common.security.scram.ScramLoginModule required username=\"{token.TokenId}\" password=\"{Convert.ToBase64String(token.Hmac.Span)}\" tokenauth=\"true\";";
        var sasl = new SaslOptions(new Dictionary<string, string> { ["sasl.mechanism"] = "SCRAM-SHA-512", ["sasl.jaas.config"] = login });
        await using (var bearer = Admin(broker, sasl))
        {
            await bearer.CreateTopicsAsync([new NewTopic { Name = "by-token" }]);
            var error = await Assert.ThrowsAsync<KafkaException>(() => bearer.CreateDelegationTokenAsync(null, []));
            Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, error.ErrorCode);
        }
        await using var admin = Admin(broker, SaslOptions.ForUser("PLAIN", "admin", "admin-secret"));
        Assert.True(await admin.RenewDelegationTokenAsync(token.Hmac, 1000) > token.IssueTimestampMs);
        await alice.ExpireDelegationTokenAsync(token.Hmac);
        await using var late = Admin(broker, sasl);
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await Assert.ThrowsAsync<KafkaException>(() => late.ListTopicsAsync())).ErrorCode);
    }

    [Fact]
    public async Task A_plain_listener_without_users_does_not_start()
    {
        var error = await Assert.ThrowsAsync<ConfigException>(() => StartAsync(("listener.name.sasl_plaintext.plain.sasl.jaas.config", "x required")));
        Assert.DoesNotContain("secret", error.Message);
    }

    [Fact]
    public async Task Passwords_are_not_described()
    {
        await using var broker = await StartAsync();
        await using var client = await RawClient.ConnectAsync(broker);
        await AuthenticateAsync(client);
        await client.SendAsync(new DescribeConfigsRequest { Resources = [new() { ResourceType = 4, ResourceName = "1" }], IncludeSynonyms = true }, 4);
        var text = Encoding.UTF8.GetString((await client.ReceiveFrameAsync())!);
        Assert.Contains("listener.name.sasl_plaintext.plain.sasl.jaas.config", text);
        Assert.DoesNotContain("secret\"", text);
        Assert.DoesNotContain("user_alice", text);
    }

    private static async Task<SaslAuthenticateResponse> AuthenticateAsync(RawClient client)
    {
        Assert.Equal(ErrorCode.None, (await client.CallAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1)).ErrorCode);
        var answer = await client.CallAsync(new SaslAuthenticateRequest { AuthBytes = Token("alice", "alice-secret") }, 2);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer;
    }

    private static AdminClient Admin(TestBroker broker, SaslOptions sasl) => new(
        new AdminClientOptions { BootstrapServers = [broker.BootstrapServers], SecurityProtocol = SecurityProtocol.SaslPlaintext, Sasl = sasl },
        new ClientEnvironment { Transport = broker.Transport, Time = TimeProvider.System, Random = new Random(1), LoggerFactory = NullLoggerFactory.Instance });

    private static ReadOnlyMemory<byte> Token(string user, string password) => Encoding.UTF8.GetBytes($"\0{user}\0{password}");

    /// <summary>The system's clock, which a test sets forward; timers run as they would.</summary>
    private sealed class ShiftedTime : TimeProvider
    {
        private TimeSpan _shift;

        public void Advance(TimeSpan time) => _shift += time;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _shift;

        public override long GetTimestamp() => base.GetTimestamp() + (long)(_shift.TotalSeconds * TimestampFrequency);
    }

    private static Task<TestBroker> StartAsync(params (string Key, string Value)[] more) => StartAsync(null, more);

    private static Task<TestBroker> StartAsync(TimeProvider? time, params (string Key, string Value)[] more)
    {
        var properties = new Dictionary<string, string>
        {
            ["listeners"] = "SASL_PLAINTEXT://localhost:0,CONTROLLER://localhost:0",
            ["advertised.listeners"] = "SASL_PLAINTEXT://localhost:0",
            ["listener.security.protocol.map"] = "CONTROLLER:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT",
            ["inter.broker.listener.name"] = "SASL_PLAINTEXT",
            ["sasl.mechanism.inter.broker.protocol"] = "PLAIN",
            ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            ["connection.failed.authentication.delay.ms"] = "1",
            ["listener.name.sasl_plaintext.plain.sasl.jaas.config"] = Plain,
        };
        foreach (var (key, value) in more)
            properties[key] = value;
        return TestBroker.StartAsync(TestBrokerOptions.Default with { InMemory = true, Time = time, Properties = properties });
    }
}
