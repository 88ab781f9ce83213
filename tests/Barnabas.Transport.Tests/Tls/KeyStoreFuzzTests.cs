using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Barnabas.Tests.Support;
using Barnabas.Transport.Tls;

namespace Barnabas.Transport.Tests.Tls;

public sealed class KeyStoreFuzzTests
{
    [Theory]
    [InlineData("rsa")]
    [InlineData("trust")]
    public void A_damaged_jks_store_is_refused_whatever_is_wrong_with_it(string name)
    {
        var good = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Tls", "stores", name + ".jks"));
        foreach (var seed in FuzzSeeds.From([.. Enumerable.Range(1, 100)]))
        {
            var bytes = new Mutator(seed).Mutate(good);
            var error = Record.Exception(() =>
            {
                var store = JavaKeyStore.Read(bytes, null);
                _ = store.Trusted;
                store.Key("key-secret", X509KeyStorageFlags.EphemeralKeySet);
            });
            Assert.True(error is null or CryptographicException or ArgumentException, $"replay with BARNABAS_FUZZ_SEED={seed}: {error}");
            if (!bytes.AsSpan().SequenceEqual(good))
                Assert.Throws<CryptographicException>(() => JavaKeyStore.Read(bytes, "store-secret"));
        }
    }
}
