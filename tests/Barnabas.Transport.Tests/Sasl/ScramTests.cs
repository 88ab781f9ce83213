using System.Security.Cryptography;
using System.Text;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Sasl.Scram;

namespace Barnabas.Transport.Tests.Sasl;

public sealed class ScramTests
{
    private static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    [Fact]
    public void The_keys_are_those_of_RFC_7677()
    {
        var salted = ScramMechanism.Sha256.SaltedPassword("pencil", Salt, 4096);
        const string Message = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        var signature = ScramMechanism.Sha256.Hmac(ScramMechanism.Sha256.ServerKey(salted), Encoding.UTF8.GetBytes(Message));
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(signature));
    }

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public async Task Client_and_server_prove_themselves_to_each_other(string name)
    {
        var mechanism = ScramMechanism.Find(name)!;
        using var server = Server(mechanism, "pencil");
        using var client = new ScramClient(mechanism, "us=er,", "pencil");
        await RunAsync(client, server);
        Assert.Equal((true, true, "us=er,"), (client.IsComplete, server.IsComplete, server.AuthorizationId));
    }

    [Fact]
    public async Task A_wrong_password_is_not_told_from_a_missing_user()
    {
        foreach (var server in (ScramServer[])[Server(ScramMechanism.Sha256, "other"), new ScramServer(ScramMechanism.Sha256, (_, _) => null)])
        {
            using var client = new ScramClient(ScramMechanism.Sha256, "us=er,", "pencil");
            var error = await Assert.ThrowsAsync<SaslException>(() => RunAsync(client, server));
            Assert.Null(error.PeerMessage);
        }
    }

    [Fact]
    public async Task The_final_message_must_carry_the_nonce_of_this_exchange()
    {
        using var server = Server(ScramMechanism.Sha256, "pencil");
        using var client = new ScramClient(ScramMechanism.Sha256, "us=er,", "pencil");
        var first = await client.EvaluateAsync(default, default);
        var challenge = await server.EvaluateAsync(first, default);
        var final = Encoding.UTF8.GetString((await client.EvaluateAsync(challenge, default))!);
        var nonce = final.Split(',')[1];
        var error = await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(Encoding.UTF8.GetBytes(final.Replace(nonce, nonce[..^1], StringComparison.Ordinal)), default));
        Assert.Contains("nonce", error.Message);
        Assert.False(server.IsComplete);
    }

    [Fact]
    public async Task A_client_that_repeats_its_own_nonce_as_librdkafka_did_proves_itself_too()
    {
        var mechanism = ScramMechanism.Sha256;
        using var server = Server(mechanism, "pencil");
        const string Bare = "n=us=3Der=2C,r=abcdef";
        var challenge = Encoding.UTF8.GetString(await server.EvaluateAsync(Encoding.UTF8.GetBytes("n,," + Bare), default));
        var final = "c=biws,r=abcdef" + challenge.Split(',')[0][2..];
        var clientKey = mechanism.ClientKey(mechanism.SaltedPassword("pencil", Convert.FromBase64String(challenge.Split(',')[1][2..]), 4096));
        var signature = mechanism.Hmac(mechanism.StoredKey(clientKey), Encoding.UTF8.GetBytes($"{Bare},{challenge},{final}"));
        var proof = Convert.ToBase64String(clientKey.Zip(signature, (key, sign) => (byte)(key ^ sign)).ToArray());
        await server.EvaluateAsync(Encoding.UTF8.GetBytes($"{final},p={proof}"), default);
        Assert.True(server.IsComplete);
    }

    [Theory]
    [InlineData("r={0}x,s=AAAA,i=2000000000")]
    [InlineData("r={0}x,s=AAAA,i=1")]
    [InlineData("r=other,s=AAAA,i=4096")]
    [InlineData("r={0},s=AAAA,i=4096")]
    [InlineData("nonsense")]
    public async Task A_server_that_wants_too_much_work_or_another_nonce_is_left(string message)
    {
        using var client = new ScramClient(ScramMechanism.Sha256, "user", "pencil");
        var first = Encoding.UTF8.GetString((await client.EvaluateAsync(default, default))!);
        var nonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
        await Assert.ThrowsAsync<SaslException>(async () => await client.EvaluateAsync(Encoding.UTF8.GetBytes(string.Format(message, nonce)), default));
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_password_is_found_out()
    {
        using var server = Server(ScramMechanism.Sha256, "pencil");
        using var client = new ScramClient(ScramMechanism.Sha256, "us=er,", "pencil");
        var challenge = await server.EvaluateAsync(await client.EvaluateAsync(default, default), default);
        await client.EvaluateAsync(challenge, default);
        await Assert.ThrowsAsync<SaslException>(async () => await client.EvaluateAsync("v=AAAA"u8.ToArray(), default));
        Assert.False(client.IsComplete);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,")]
    [InlineData("n,,n=user")]
    [InlineData("y,,n=user,r=abc")]
    [InlineData("n,a=other,n=us=3Der=2C,r=abc")]
    [InlineData("n,,n=a=b,r=abc")]
    public async Task Malformed_first_messages_are_refused(string message)
    {
        using var server = Server(ScramMechanism.Sha256, "pencil");
        await Assert.ThrowsAsync<SaslException>(async () => await server.EvaluateAsync(Encoding.UTF8.GetBytes(message), default));
    }

    [Fact]
    public void Random_bytes_never_complete_an_exchange()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            foreach (var server in (ISaslServer[])[Server(ScramMechanism.Sha256, "pencil"), new PlainServer(_ => "x")])
            {
                Assert.True(Record.Exception(() => server.EvaluateAsync(bytes, default).AsTask().GetAwaiter().GetResult()) is SaslException, $"seed {seed}, round {i}");
                Assert.False(server.IsComplete);
            }
        }
    }

    private static ScramServer Server(ScramMechanism mechanism, string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = mechanism.SaltedPassword(password, salt, 4096);
        var credential = new ScramCredential(salt, mechanism.StoredKey(mechanism.ClientKey(salted)), mechanism.ServerKey(salted), 4096);
        return new ScramServer(mechanism, (user, isToken) => user == "us=er," && !isToken ? credential : null);
    }

    private static async Task RunAsync(ScramClient client, ScramServer server)
    {
        ReadOnlyMemory<byte> challenge = default;
        while (await client.EvaluateAsync(challenge, default) is { } token)
            challenge = await server.EvaluateAsync(token, default);
    }
}
