using System.Globalization;
using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The JDBC connectors on a real PostgreSQL.</summary>
public sealed class JdbcTests(PostgreSql server)
{
    [Fact]
    public async Task A_table_goes_over_a_topic_into_another_table_as_the_tutorial_shows_it()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        await PostgreSql.ExecuteAsync(database, "create table users(id bigserial primary key, user_id varchar(20), created_at date default '2024-05-04')");
        await PostgreSql.ExecuteAsync(database, "insert into users(user_id) values('user1'), ('user2')");
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(url, ("mode", "incrementing"), ("incrementing.column.name", "id"), ("table.whitelist", "users"), ("topic.prefix", "my_topic_")));
        Assert.Equal(
            """{"schema":{"type":"struct","fields":[{"type":"int64","optional":false,"field":"id"},{"type":"string","optional":true,"field":"user_id"},{"type":"int32","optional":true,"name":"org.apache.kafka.connect.data.Date","version":1,"field":"created_at"}],"optional":false,"name":"users"},"payload":{"id":1,"user_id":"user1","created_at":19847}}""",
            (await worker.ReadAsync("my_topic_users", 2))[0]);
        await worker.CreateAsync("sink", Sink(url, ("topics", "my_topic_users"), ("auto.create", "true"), ("auto.evolve", "true")));
        await PostgreSql.ExecuteAsync(database, "insert into users(user_id) select 'u' || g from generate_series(1, 5000) g");
        await AwaitCountAsync(database, "my_topic_users", 5002);
        Assert.Equal(new DateOnly(2024, 5, 4), await PostgreSql.QueryAsync(database, "select created_at from my_topic_users where id = 2"));
    }

    [Fact]
    public async Task Every_type_arrives_as_it_left()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        await PostgreSql.ExecuteAsync(database, "create type mood as enum ('sad', 'happy')");
        const string columns = "id int primary key, a smallint, b bigint, c real, d double precision, e numeric(10,2), f numeric, g boolean, h text, i bytea, j date, k time, l timestamp, m timestamptz, n uuid, o json, p jsonb, q int[], r text[], s mood, t varchar(5), u char(3)";
        await PostgreSql.ExecuteAsync(database, $"create table types({columns}); create table copy_types({columns})");
        await PostgreSql.ExecuteAsync(database, """
            insert into types values
              (1, -5, 9223372036854775807, 1.5, 0.1, 12345678.91, 3.14159265358979323846, true, 'Grüße ''x''', '\x00ff', '2024-02-29', '12:34:56.789', '2024-05-04 12:00:00.5', '2024-05-04 12:00:00+02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '{"b": [1, 2]}', '{1,2,3}', '{"x","y,z"}', 'happy', 'ab', 'abc'),
              (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
            """);
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(url, ("mode", "bulk"), ("table.whitelist", "types"), ("topic.prefix", ""), ("poll.interval.ms", "3600000")));
        await worker.CreateAsync("sink", Sink(url, ("topics", "types"), ("table.name.format", "copy_${topic}"), ("insert.mode", "upsert"), ("pk.mode", "record_value"), ("pk.fields", "id")));
        await AwaitCountAsync(database, "copy_types", 2);
        Assert.Equal(0L, await PostgreSql.QueryAsync(database, "select count(*) from (select t::text from types t except select t::text from copy_types t) d"));
    }

    [Fact]
    public async Task Every_plain_type_arrives_by_COPY_as_it_left()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        const string columns = "id int not null, a smallint, b bigint, c real, d double precision, e numeric(10,2), f numeric, g boolean, h text, i bytea, j date, k time, l timestamp, m timestamptz, n uuid, o json, p jsonb, t varchar(5), u char(3)";
        await PostgreSql.ExecuteAsync(database, $"create table types({columns}); create table copy_types({columns})");
        await PostgreSql.ExecuteAsync(database, """
            insert into types values
              (1, -5, 9223372036854775807, 1.5, 0.1, 12345678.91, 3.14159265358979323846, true, 'Grüße ''x''', '\x00ff', '2024-02-29', '12:34:56.789', '2024-05-04 12:00:00.5', '2024-05-04 12:00:00+02', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '{"b": [1, 2]}', 'ab', 'abc'),
              (2, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null),
              (3, 0, 0, -0.5, 1e300, 0, 0, false, '', '', '1969-12-31', '00:00', '0099-12-31 23:59:59.999', '1970-01-01 00:00:00+00', '00000000-0000-0000-0000-000000000001', '1', '"x"', '', 'a'),
              (4, 1, -1, 3e38, 5e-324, -0.01, '12345678901234567890123456789.000100', true, repeat('long ', 50000), null, '9999-12-31', '23:59:59.999', '1999-12-31 23:59:59.999', null, null, null, null, null, null),
              (5, 1, 1, 1, 1, 100, '-0.00000000000000000000000000000000000012340', true, 'x', null, null, null, null, null, null, null, null, null, null),
              (6, 1, 1, 1, 1, 9999.9, '100000000', true, 'x', null, null, null, null, null, null, null, null, null, null)
            """);
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(url, ("mode", "bulk"), ("query", "select id, a, b, c, d, e, f::text as f, g, h, i, j, k, l, m, n, o, p, t, u from types"), ("topic.prefix", "types"), ("poll.interval.ms", "3600000")));
        await worker.CreateAsync("sink", Sink(url, ("topics", "types"), ("table.name.format", "copy_${topic}")));
        await AwaitCountAsync(database, "copy_types", 6);
        Assert.Equal("", await PostgreSql.QueryAsync(database, "select coalesce(string_agg(t, chr(10)), '') from (select t::text as t from types t except select t::text from copy_types t) t"));
    }

    [Fact]
    public async Task Rows_that_change_are_read_by_their_time_and_number_and_written_over_those_there_are()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        await PostgreSql.ExecuteAsync(database, "create table stock(id serial primary key, name text, changed timestamptz not null default clock_timestamp())");
        await PostgreSql.ExecuteAsync(database, "insert into stock(name) values('a'), ('b')");
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(
            url, ("mode", "timestamp+incrementing"), ("incrementing.column.name", "id"), ("timestamp.column.name", "changed"), ("table.whitelist", "stock"), ("topic.prefix", "t_"), ("poll.interval.ms", "100"),
            ("transforms", "key,id"), ("transforms.key.type", "org.apache.kafka.connect.transforms.ValueToKey"), ("transforms.key.fields", "id"),
            ("transforms.id.type", "org.apache.kafka.connect.transforms.ExtractField$Key"), ("transforms.id.field", "id")));
        await worker.CreateAsync("sink", Sink(url, ("topics", "t_stock"), ("insert.mode", "upsert"), ("pk.mode", "record_key"), ("pk.fields", "id"), ("auto.create", "true"), ("delete.enabled", "true")));
        await AwaitCountAsync(database, "t_stock", 2);
        await PostgreSql.ExecuteAsync(database, "update stock set name = 'changed', changed = clock_timestamp() where id = 1");
        await TestWorker.AwaitAsync("the change has arrived", async () => (string?)await PostgreSql.QueryAsync(database, "select name from t_stock where id = 1") == "changed");
        Assert.Equal(2L, await PostgreSql.QueryAsync(database, "select count(*) from t_stock"));
    }

    [Fact]
    public async Task A_new_table_is_found_and_a_new_column_is_added()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        await PostgreSql.ExecuteAsync(database, "create table a(id serial primary key, name text)");
        await using var worker = await TestWorker.StartAsync();
        await worker.CreateAsync("source", Source(url, ("mode", "incrementing"), ("incrementing.column.name", "id"), ("table.include.list", "public\\.[ab]"), ("topic.prefix", "x_"), ("table.poll.interval.ms", "200"), ("poll.interval.ms", "100"), ("tasks.max", "2")));
        await worker.CreateAsync("sink", Sink(url, ("topics", "x_a,x_b"), ("auto.create", "true"), ("auto.evolve", "true")));
        await PostgreSql.ExecuteAsync(database, "insert into a(name) values('first')");
        await AwaitCountAsync(database, "x_a", 1);
        await PostgreSql.ExecuteAsync(database, "create table b(id serial primary key, amount numeric(5,1)); insert into b(amount) values(1.5); alter table a add more int");
        await AwaitCountAsync(database, "x_b", 1);
        await worker.SendAsync(HttpMethod.Post, "/connectors/source/restart?includeTasks=true");
        await PostgreSql.ExecuteAsync(database, "insert into a(name, more) values('second', 7)");
        await TestWorker.AwaitAsync("the new column has arrived", async () => await PostgreSql.QueryAsync(database, "select count(*) from x_a") is 2L);
        Assert.Equal(7, await PostgreSql.QueryAsync(database, "select more from x_a where name = 'second'"));
    }

    [Fact]
    public async Task A_record_that_does_not_fit_ends_in_the_dead_letter_queue_and_the_others_go_on()
    {
        var (url, database) = await server.CreateDatabaseAsync();
        await using var worker = await TestWorker.StartAsync();
        var file = Path.Combine(worker.Folder, "in.json");
        const string good = """{"schema":{"type":"struct","fields":[{"type":"int32","optional":false,"field":"id"}],"optional":false},"payload":{"id":%}}""";
        await System.IO.File.WriteAllTextAsync(file, $"{good.Replace("%", "1", StringComparison.Ordinal)}\nnonsense\n{good.Replace("%", "2", StringComparison.Ordinal)}\n", TestContext.Current.CancellationToken);
        await worker.CreateAsync("lines", ("connector.class", "FileStreamSource"), ("file", file), ("topic", "rows"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        await worker.CreateAsync("sink", Sink(url, ("topics", "rows"), ("auto.create", "true"), ("errors.tolerance", "all"), ("errors.deadletterqueue.topic.name", "dead"), ("errors.deadletterqueue.topic.replication.factor", "1")));
        await AwaitCountAsync(database, "rows", 2);
        Assert.Equal(["nonsense"], await worker.ReadAsync("dead", 1));
    }

    private static (string, string)[] Source(string url, params (string, string)[] more) =>
        [("connector.class", "io.confluent.connect.jdbc.JdbcSourceConnector"), ("connection.url", url), ("connection.user", "postgres"), ("connection.password", "x"), .. more];

    private static (string, string)[] Sink(string url, params (string, string)[] more) =>
        [("connector.class", "io.confluent.connect.jdbc.JdbcSinkConnector"), ("connection.url", url), ("connection.user", "postgres"), ("connection.password", "x"), .. more];

    private static Task AwaitCountAsync(string database, string table, long count) =>
        TestWorker.AwaitAsync($"{table} has {count.ToString(CultureInfo.InvariantCulture)} rows", async () => await PostgreSql.QueryAsync(database, $"select count(*) from \"{table}\"") is long found && found == count);
}
