namespace Barnabas.Interop.Tests.Security;

/// <summary>An authority, a server and a client in stores of type JKS with a password for the store and another for the key, by Java's keytool.</summary>
internal sealed class JavaKeyStores
{
    private const string StorePassword = "store-secret";
    private const string KeyPassword = "key-secret";
    private readonly string _folder;

    private JavaKeyStores(string folder) => _folder = folder;

    /// <summary>Makes them; skips the calling test where there is no keytool.</summary>
    public static async Task<JavaKeyStores> MakeAsync(string folder)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(p => File.Exists(Path.Combine(p, "keytool"))), "no keytool");
        var stores = new JavaKeyStores(folder);
        await stores.KeyPairAsync("ca", "CN=Test CA", "-ext", "bc:c");
        await KeytoolAsync("-exportcert", "-rfc", "-alias", "ca", "-keystore", stores.Store("ca"), "-storepass", StorePassword, "-file", stores.Pem("ca"));
        await stores.ImportAsync("trust", "ca");
        await stores.IssueAsync("server", "CN=localhost");
        await stores.IssueAsync("client", "CN=carol, OU=Users");
        return stores;
    }

    /// <summary>The settings of one who shows the certificate of this name.</summary>
    public string[] Identity(string name) =>
        ["ssl.keystore.type=JKS", $"ssl.keystore.location={Store(name)}", $"ssl.keystore.password={StorePassword}", $"ssl.key.password={KeyPassword}"];

    /// <summary>The settings of one who believes the authority.</summary>
    public string[] Trust() => ["ssl.truststore.type=JKS", $"ssl.truststore.location={Store("trust")}", $"ssl.truststore.password={StorePassword}"];

    private string Store(string name) => Path.Combine(_folder, name + ".jks");

    private string Pem(string name) => Path.Combine(_folder, name + ".pem");

    private async Task IssueAsync(string name, string subject)
    {
        await KeyPairAsync(name, subject);
        var request = Path.Combine(_folder, name + ".csr");
        await KeytoolAsync("-certreq", "-alias", name, "-keystore", Store(name), "-storepass", StorePassword, "-keypass", KeyPassword, "-file", request);
        await KeytoolAsync("-gencert", "-rfc", "-alias", "ca", "-keystore", Store("ca"), "-storepass", StorePassword, "-keypass", KeyPassword,
            "-ext", "san=dns:localhost,ip:127.0.0.1", "-infile", request, "-outfile", Pem(name));
        await ImportAsync(name, "ca");
        await ImportAsync(name, name, "-keypass", KeyPassword);
    }

    private Task KeyPairAsync(string name, string subject, params string[] more) =>
        KeytoolAsync(["-genkeypair", "-alias", name, "-dname", subject, "-keyalg", "RSA", "-keysize", "2048", "-validity", "2", "-storetype", "JKS",
            "-keystore", Store(name), "-storepass", StorePassword, "-keypass", KeyPassword, .. more]);

    private Task ImportAsync(string store, string certificate, params string[] more) =>
        KeytoolAsync(["-importcert", "-noprompt", "-alias", certificate, "-storetype", "JKS", "-keystore", Store(store), "-storepass", StorePassword, "-file", Pem(certificate), .. more]);

    private static async Task KeytoolAsync(params string[] arguments) => (await Command.RunAsync("keytool", arguments)).EnsureSuccess();
}
