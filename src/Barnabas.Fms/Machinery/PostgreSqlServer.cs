using System.Globalization;
using System.Security.Cryptography;
using Barnabas.Fms.Storing;
using Npgsql;

namespace Barnabas.Fms.Machinery;

/// <summary>A PostgreSQL server of Debian's packages on a port and folder of its own; it can be stopped and started again.</summary>
internal sealed class PostgreSqlServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql";
    private const string User = "fms";
    private const string Database = "fms";

    private readonly string _binaries;
    private readonly string _folder;
    private readonly int _port;
    private readonly string _password = RandomNumberGenerator.GetHexString(24, lowercase: true);
    private bool _isRunning;
    private LastWill? _will;

    private PostgreSqlServer(string binaries, string folder, int port)
    {
        (_binaries, _folder, _port) = (binaries, folder, port);
        Store = new SensorStore($"jdbc:postgresql://localhost:{port.ToString(CultureInfo.InvariantCulture)}/{Database}", User, _password);
    }

    public SensorStore Store { get; }

    /// <summary>How a person asks it while it runs.</summary>
    public string PsqlCommand => $"PGPASSWORD={_password} psql -h localhost -p {_port.ToString(CultureInfo.InvariantCulture)} -U {User} {Database}";

    /// <summary>Where the server's programs are; null where it is not installed.</summary>
    public static string? FindBinaries() => Directory.Exists(Binaries)
        ? Directory.GetDirectories(Binaries).OrderBy(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var version) ? version : 0)
            .Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
        : Commands.Find("initdb") is { } initdb ? Path.GetDirectoryName(initdb) : null;

    /// <summary>Makes a database of its own and starts the server.</summary>
    /// <exception cref="FmsException">A command of PostgreSQL failed.</exception>
    public static async Task<PostgreSqlServer> StartAsync(string binaries, int port, CancellationToken stop)
    {
        // Not in the demo's folder: the server does not run as root, and its own user may not get there.
        var server = new PostgreSqlServer(binaries, Directory.CreateTempSubdirectory("barnabas-fms-postgresql-").FullName, port);
        try
        {
            var passwordFile = Path.Combine(server._folder, "password");
            await File.WriteAllTextAsync(passwordFile, server._password, stop);
            if (IsRoot)
                await Commands.RunAsync("chown", ["-R", "postgres", server._folder], stop);
            await server.RunAsync("initdb", ["-D", server.Data, "-U", User, "-A", "scram-sha-256", "--pwfile", passwordFile, "--no-sync"], stop);
            await server.StartAgainAsync(stop);
            await server.CreateDatabaseAsync(stop);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server and waits until it takes connections.</summary>
    public async Task StartAgainAsync(CancellationToken stop)
    {
        var options = $"-p {_port.ToString(CultureInfo.InvariantCulture)} -k {_folder} -c listen_addresses=localhost";
        _will ??= new LastWill([.. CommandOf("pg_ctl"), "-D", Data, "-m", "immediate", "stop"]);
        await RunAsync("pg_ctl", ["-D", Data, "-w", "-l", Path.Combine(_folder, "log"), "-o", options, "start"], stop);
        _isRunning = true;
    }

    /// <summary>Ends the server as a crash does, without writing anything down.</summary>
    public async Task CrashAsync(CancellationToken stop)
    {
        if (!_isRunning)
            return;
        _isRunning = false;
        await RunAsync("pg_ctl", ["-D", Data, "-w", "-m", "immediate", "stop"], stop);
    }

    public async ValueTask DisposeAsync()
    {
        await CrashAsync(CancellationToken.None);
        _will?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    private async Task CreateDatabaseAsync(CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection($"Host=localhost;Port={_port.ToString(CultureInfo.InvariantCulture)};Username={User};Password={_password};Database=postgres;Pooling=false");
        await connection.OpenAsync(stop);
        await using var command = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        await command.ExecuteNonQueryAsync(stop);
    }

    // The server's programs refuse to run as root.
    private string[] CommandOf(string program) => IsRoot ? ["runuser", "-u", "postgres", "--", Path.Combine(_binaries, program)] : [Path.Combine(_binaries, program)];

    private Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken stop)
    {
        var command = CommandOf(program);
        return Commands.RunAsync(command[0], [.. command[1..], .. arguments], stop);
    }
}
