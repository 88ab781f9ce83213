using Barnabas.Connect.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Barnabas.Connect.Tests;

/// <summary>The JDBC connectors on SQLite: the second dialect.</summary>
public sealed class SqliteTests
{
    [Fact]
    public async Task A_table_goes_over_a_topic_into_another_database_with_its_types_and_changes()
    {
        await using var worker = await TestWorker.StartAsync();
        var (from, to) = (Path.Combine(worker.Folder, "from.db"), Path.Combine(worker.Folder, "to.db"));
        await ExecuteAsync(from, "create table stock(id integer primary key, name varchar(20), weight real, sold boolean, raw blob, day date, changed timestamp not null)");
        await ExecuteAsync(from, "insert into stock values(1, 'Grüße', 1.5, true, x'00ff', '2024-05-04', '2024-05-04 12:00:00.500'), (2, null, null, null, null, null, '2024-05-04 12:00:01')");
        await worker.CreateAsync(
            "source", ("connector.class", "JdbcSource"), ("connection.url", "jdbc:sqlite:" + from), ("mode", "timestamp+incrementing"), ("incrementing.column.name", "id"), ("timestamp.column.name", "changed"),
            ("table.whitelist", "stock"), ("topic.prefix", "s_"), ("poll.interval.ms", "100"));
        await worker.CreateAsync(
            "sink", ("connector.class", "JdbcSink"), ("connection.url", "jdbc:sqlite:" + to), ("topics", "s_stock"), ("auto.create", "true"), ("insert.mode", "upsert"), ("pk.mode", "record_value"), ("pk.fields", "id"));
        const string row = "select id || '|' || name || '|' || weight || '|' || sold || '|' || hex(raw) || '|' || day || '|' || changed from ";
        await TestWorker.AwaitAsync("both rows have arrived", async () => await QueryAsync(to, "select count(*) from s_stock") is 2L);
        Assert.Equal("1|Grüße|1.5|1|00FF|2024-05-04|2024-05-04 12:00:00.500", await QueryAsync(to, row + "s_stock where id = 1"));
        Assert.Equal(1L, await QueryAsync(to, "select count(*) from s_stock where id = 2 and name is null and raw is null"));
        await ExecuteAsync(from, "update stock set name = 'changed', changed = strftime('%Y-%m-%d %H:%M:%f', 'now') where id = 2");
        await TestWorker.AwaitAsync("the change has arrived", async () => await QueryAsync(to, "select name from s_stock where id = 2") as string == "changed");
    }

    private static async Task ExecuteAsync(string file, string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<object?> QueryAsync(string file, string query)
    {
        await using var connection = new SqliteConnection($"Data Source={file}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        try
        {
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
        catch (SqliteException error) when (error.Message.Contains("no such table", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
