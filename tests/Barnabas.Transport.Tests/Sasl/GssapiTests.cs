using System.Runtime.InteropServices;
using System.Text;
using Barnabas.Tests.Support;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.Gssapi;

namespace Barnabas.Transport.Tests.Sasl;

public sealed partial class GssapiTests : IAsyncLifetime
{
    private const string Service = "kafka/localhost";
    private Kdc? _kdc;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Kdc.IsInstalled, "krb5-kdc and krb5-admin-server are not installed");
        _kdc = await Kdc.StartAsync(Service, "alice");
        _ = SetEnvironment("KRB5_CONFIG", _kdc.ConfigFile, 1);
    }

    public async ValueTask DisposeAsync()
    {
        if (_kdc is not null)
            await _kdc.DisposeAsync();
    }

    [Fact]
    public async Task Client_and_server_prove_themselves()
    {
        using var server = Server();
        using var client = new GssapiClient(Alice(), "kafka", "localhost");
        byte[]? token = await client.EvaluateAsync(default, default);
        for (var step = 0; token is not null && step < 10; step++)
        {
            var answer = await server.EvaluateAsync(token, default);
            token = client.IsComplete ? null : await client.EvaluateAsync(answer, default);
        }
        Assert.Equal((true, true, "alice@" + Kdc.Realm), (server.IsComplete, client.IsComplete, server.AuthorizationId));
        Assert.Equal(Kdc.Realm, GssapiService.DefaultRealm);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice@BARNABAS.TEST")]
    [InlineData("admin")]
    public async Task A_client_is_who_Kerberos_says_whomever_it_wants_to_act_for(string wanted)
    {
        using var server = Server();
        using var context = await EstablishAsync(server);
        Assert.Empty(await server.EvaluateAsync(context.Wrap([1, 0, 0, 0, .. Encoding.UTF8.GetBytes(wanted)]), default));
        Assert.Equal((true, "alice@" + Kdc.Realm), (server.IsComplete, server.AuthorizationId));
    }

    [Theory]
    [InlineData(new byte[] { 2, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[0])]
    public async Task A_layer_that_was_not_offered_is_refused(byte[] choice)
    {
        using var server = Server();
        using var context = await EstablishAsync(server);
        await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(context.Wrap(choice), default));
        Assert.False(server.IsComplete);
    }

    [Fact]
    public async Task What_nobody_proved_is_refused()
    {
        using (var server = Server())
            await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(new byte[] { 1, 2, 3 }, default));
        using (var server = Server())
            await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(default, default));
        using var established = Server();
        using var context = await EstablishAsync(established);
        await Assert.ThrowsAsync<SaslException>(async () => await established.EvaluateAsync(new byte[] { 1, 0, 0, 0 }, default));
        Assert.False(established.IsComplete);
    }

    [Fact]
    public async Task A_token_counts_once()
    {
        using var client = new GssapiClient(Alice(), "kafka", "localhost");
        var token = await client.EvaluateAsync(default, default);
        using var first = Server();
        Assert.NotEmpty(await first.EvaluateAsync(token, default));
        using var second = Server();
        await Assert.ThrowsAsync<SaslException>(async () => await second.EvaluateAsync(token, default));
    }

    [Fact]
    public async Task Keys_that_are_not_there_are_named()
    {
        var error = Assert.Throws<SaslException>(() => new GssapiService("other/localhost", _kdc!.KeyTab(Service)));
        Assert.Contains("other/localhost", error.Message);
        Assert.Throws<SaslException>(() => new GssapiService(Service, "/nowhere"));
        using var client = new GssapiClient(new GssapiLogin(null, false, null, true, _kdc!.PathOf("no-cache")), "kafka", "localhost");
        Assert.Contains("kinit", (await Assert.ThrowsAsync<SaslException>(async () => await client.EvaluateAsync(default, default))).Message);
        using var unknown = new GssapiClient(Alice(), "other", "localhost");
        await Assert.ThrowsAsync<SaslException>(async () => await unknown.EvaluateAsync(default, default));
    }

    [Fact]
    public void A_login_without_keys_and_tickets_is_refused() => Assert.Throws<ArgumentException>(() => new GssapiLogin("alice", false, null, false, null));

    [Fact]
    public void A_node_that_wants_a_layer_is_refused()
    {
        Assert.Equal([1, 0, 0, 0], SecurityLayers.Choose([7, 1, 0, 0]));
        Assert.Throws<SaslException>(() => SecurityLayers.Choose([6, 1, 0, 0]));
        Assert.Throws<SaslException>(() => SecurityLayers.Choose([1]));
    }

    private ISaslServer Server() => new GssapiService($"{Service}@{Kdc.Realm}", _kdc!.KeyTab(Service)).NewExchange();

    private GssapiLogin Alice() => new("alice@" + Kdc.Realm, true, _kdc!.KeyTab("alice"), false, null);

    /// <summary>Goes up to the server's offer of layers.</summary>
    private async Task<GssContext> EstablishAsync(ISaslServer server)
    {
        using var credentials = Alice().Acquire();
        using var target = GssName.Service("kafka", "localhost");
        var context = new GssContext();
        var answer = await server.EvaluateAsync(context.Init(credentials, target, default), default);
        var offer = await server.EvaluateAsync(context.Init(credentials, target, answer), default);
        Assert.Equal([1, 0, 0, 0], context.Unwrap(offer));
        return context;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
