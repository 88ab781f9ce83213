using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Barnabas.Tests.Support;

/// <summary>A key distribution center of Debian's krb5-kdc with a realm, a folder and a port of its own. Ended when disposed.</summary>
internal sealed class Kdc : IAsyncDisposable
{
    public const string Realm = "BARNABAS.TEST";
    private const string Program = "/usr/sbin/krb5kdc";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-kdc-").FullName;
    private readonly Dictionary<string, string> _environment;
    private readonly int _port = FreePorts.Next();
    private Process? _process;

    private Kdc() => _environment = new() { ["KRB5_CONFIG"] = ConfigFile, ["KRB5_KDC_PROFILE"] = PathOf("kdc.conf"), ["KRB5CCNAME"] = PathOf("cache") };

    public static bool IsInstalled => File.Exists(Program) && File.Exists("/usr/sbin/kadmin.local");

    public string ConfigFile => PathOf("krb5.conf");

    /// <summary>The variables by which programs find this realm: krb5.conf, and a ticket cache.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    public static async Task<Kdc> StartAsync(params string[] principals)
    {
        var kdc = new Kdc();
        try
        {
            await kdc.StartAsync();
            foreach (var principal in principals)
                await kdc.AddAsync(principal);
            return kdc;
        }
        catch
        {
            await kdc.DisposeAsync();
            throw;
        }
    }

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>The key table of a principal.</summary>
    public string KeyTab(string principal) => PathOf(principal.Replace('/', '-') + ".keytab");

    /// <summary>Adds a principal with a random key, and writes its key table.</summary>
    public async Task AddAsync(string principal)
    {
        await RunAsync("/usr/sbin/kadmin.local", "-q", $"addprinc -randkey {principal}");
        await RunAsync("/usr/sbin/kadmin.local", "-q", $"ktadd -k {KeyTab(principal)} {principal}");
    }

    /// <summary>Fetches a ticket into the cache of <see cref="Environment"/>.</summary>
    public Task LoginAsync(string principal) => RunAsync("/usr/bin/kinit", "-k", "-t", KeyTab(principal), principal);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        File.WriteAllText(ConfigFile, $$"""
            [libdefaults]
              default_realm = {{Realm}}
              dns_lookup_realm = false
              dns_lookup_kdc = false
              dns_canonicalize_hostname = false
              rdns = false
              udp_preference_limit = 1
            [realms]
              {{Realm}} = {
                kdc = 127.0.0.1:{{_port}}
              }
            [domain_realm]
              localhost = {{Realm}}
            """);
        File.WriteAllText(PathOf("kdc.conf"), $$"""
            [realms]
              {{Realm}} = {
                database_name = {{PathOf("principal")}}
                key_stash_file = {{PathOf("stash")}}
                kdc_listen = 127.0.0.1:{{_port}}
                kdc_tcp_listen = 127.0.0.1:{{_port}}
                max_life = 1h
              }
            [logging]
              kdc = FILE:{{PathOf("kdc.log")}}
              admin_server = FILE:{{PathOf("kadmin.log")}}
            """);
        await RunAsync("/usr/sbin/kdb5_util", "create", "-s", "-r", Realm, "-P", "master");
        _process = Process.Start(Starting(Program, "-n", "-r", Realm, "-P", PathOf("pid")))!;
        var begin = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(begin) > Patience)
                throw new InvalidOperationException($"krb5kdc does not answer: {(File.Exists(PathOf("kdc.log")) ? File.ReadAllText(PathOf("kdc.log")) : "")}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(Starting(file, arguments))!;
        using var limit = new CancellationTokenSource(Patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output} {await error}");
    }

    private ProcessStartInfo Starting(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in _environment)
            start.Environment[key] = value;
        return start;
    }
}
