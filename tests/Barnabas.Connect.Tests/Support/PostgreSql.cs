using System.Diagnostics;
using Barnabas.Connect.Tests.Support;
using Barnabas.Tests.Support;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgreSql))]

namespace Barnabas.Connect.Tests.Support;

/// <summary>One PostgreSQL server for all tests that ask for it, on its own port and folder; each test has a database of its own.</summary>
public sealed class PostgreSql : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql";

    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("barnabas-postgresql-").FullName;
    private Process? _server;
    private int _port;
    private int _databases;

    /// <summary>A new database; its JDBC URL. Skips the test where there is no PostgreSQL.</summary>
    internal async Task<(string Url, string ConnectionString)> CreateDatabaseAsync()
    {
        Assert.SkipWhen(BinaryFolder is null, "Debian's package postgresql is not installed.");
        await _gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_server is null) await LaunchAsync(BinaryFolder);
        }
        finally
        {
            _gate.Release();
        }

        var name = $"test{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync(ConnectionTo("postgres"), $"create database {name}");
        return ($"jdbc:postgresql://localhost:{_port}/{name}", ConnectionTo(name));
    }

    internal static async Task ExecuteAsync(string connection, string statement)
    {
        await using var source = new NpgsqlConnection(connection);
        await source.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, source);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first value of a query; null where there is none or its table is missing.</summary>
    internal static async Task<object?> QueryAsync(string connection, string query)
    {
        await using var source = new NpgsqlConnection(connection);
        await source.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(query, source);
        try
        {
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? BinaryFolder => Directory.Exists(Binaries) ? Directory.GetDirectories(Binaries).Select(version => Path.Combine(version, "bin")).LastOrDefault(bin => System.IO.File.Exists(Path.Combine(bin, "initdb"))) : null;

    private string ConnectionTo(string database) => $"Host=localhost;Port={_port};Username=postgres;Database={database};Pooling=false";

    private async Task LaunchAsync(string binaries)
    {
        // The server refuses to run as root.
        var isRoot = Environment.UserName == "root";
        if (isRoot) await RunAsync("chown", ["postgres", _folder]);
        var data = Path.Combine(_folder, "data");
        await RunAsync(isRoot ? "runuser" : Path.Combine(binaries, "initdb"), [.. isRoot ? ["-u", "postgres", "--", Path.Combine(binaries, "initdb")] : Array.Empty<string>(), "-D", data, "-A", "trust", "-U", "postgres", "--no-sync"]);
        _port = FreePorts.Next();
        _server = Process.Start(Start(
            isRoot ? "runuser" : Path.Combine(binaries, "postgres"),
            [.. isRoot ? ["-u", "postgres", "--", Path.Combine(binaries, "postgres")] : Array.Empty<string>(), "-D", data, "-p", $"{_port}", "-k", _folder, "-c", "fsync=off"]))!;
        _server.OutputDataReceived += (_, _) => { };
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        await TestWorker.AwaitAsync("PostgreSQL takes connections", async () =>
        {
            try
            {
                return await QueryAsync(ConnectionTo("postgres"), "select 1") is 1;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    private static async Task RunAsync(string command, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(Start(command, arguments))!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {output}{error}");
    }

    private static ProcessStartInfo Start(string command, IReadOnlyList<string> arguments) => new(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
}
