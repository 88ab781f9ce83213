using System.Diagnostics;
using System.Globalization;
using Barnabas.Bench.Load;
using Barnabas.Tests.Support;
using Npgsql;

namespace Barnabas.Bench.Systems;

/// <summary>Debian's PostgreSQL with its own defaults, on a fresh folder and a free port. Killed and wiped when disposed.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Versions = "/usr/lib/postgresql";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder;
    private readonly ProcessGroup _process;

    private PostgreSqlServer(string folder, ProcessGroup process, int port)
    {
        _folder = folder;
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>As the connectors' connection.url.</summary>
    public string JdbcUrl => string.Create(CultureInfo.InvariantCulture, $"jdbc:postgresql://localhost:{Port}/postgres");

    private string ConnectionString => string.Create(CultureInfo.InvariantCulture, $"Host=localhost;Port={Port};Username=postgres;Database=postgres;Pooling=false;Command Timeout=300");

    public static async Task<PostgreSqlServer> StartAsync(string workFolder, CancellationToken cancellationToken)
    {
        var binaries = Directory.Exists(Versions) ? Directory.GetDirectories(Versions).Order(StringComparer.Ordinal).LastOrDefault() : null;
        if (binaries is null) throw new BenchException("Debian's package postgresql is not installed");
        var folder = Directory.CreateDirectory(Path.Combine(workFolder, "barnabas-bench-postgresql." + Path.GetRandomFileName())).FullName;
        // The server refuses to run as root.
        string[] user = Environment.UserName == "root" ? ["runuser", "-u", "postgres", "--"] : ["env"];
        if (user.Length > 1) await Command.RunAsync("chown", ["postgres", folder], cancellationToken);
        var data = Path.Combine(folder, "data");
        await Command.RunAsync(user[0], [.. user[1..], Path.Combine(binaries, "bin", "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"], cancellationToken);
        var port = FreePorts.Next();
        var process = ProcessGroup.Start(
            Path.Combine(folder, "server.log"),
            [.. user, Path.Combine(binaries, "bin", "postgres"), "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-k", folder]);
        var server = new PostgreSqlServer(folder, process, port);
        try
        {
            await server.AwaitReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task<long> CountAsync(NpgsqlConnection connection, string query, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(cancellationToken) is long count ? count : 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AwaitReadyAsync(CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await ExecuteAsync("select 1", cancellationToken);
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(begin) < Patience && !_process.HasExited)
            {
                await Task.Delay(50, cancellationToken);
            }
        }
    }
}
