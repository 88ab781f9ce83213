using Barnabas.Connect.Tests.Support;

namespace Barnabas.Connect.Tests;

/// <summary>The file connectors, end to end: the thinnest way through worker, converters, offsets and REST.</summary>
public sealed class FileConnectorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lines_go_from_a_file_over_a_topic_into_another_file_each_once(bool isDistributed)
    {
        await using var worker = await TestWorker.StartAsync(isDistributed);
        var (input, output) = (Path.Combine(worker.Folder, "in.txt"), Path.Combine(worker.Folder, "out.txt"));
        await System.IO.File.WriteAllTextAsync(input, "one\ntwo\nthree without an end", TestContext.Current.CancellationToken);
        await worker.CreateAsync("source", ("connector.class", "FileStreamSource"), ("file", input), ("topic", "lines"));
        await worker.CreateAsync("sink", ("connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector"), ("file", output), ("topics", "lines"));
        await AwaitLinesAsync(output, "one", "two");
        await System.IO.File.AppendAllTextAsync(input, "\nfour\n", TestContext.Current.CancellationToken);
        await AwaitLinesAsync(output, "one", "two", "three without an end", "four");
        Assert.Equal("{\"schema\":{\"type\":\"string\",\"optional\":false},\"payload\":\"one\"}", (await worker.ReadAsync("lines", 4))[0]);
    }

    [Fact]
    public async Task A_worker_that_starts_again_runs_its_connectors_and_goes_on_where_they_were()
    {
        await using var worker = await TestWorker.StartAsync();
        var input = Path.Combine(worker.Folder, "in.txt");
        await System.IO.File.WriteAllTextAsync(input, "one\ntwo\n", TestContext.Current.CancellationToken);
        await worker.CreateAsync("source", ("connector.class", "FileStreamSource"), ("file", input), ("topic", "lines"), ("value.converter", "org.apache.kafka.connect.storage.StringConverter"));
        Assert.Equal(["one", "two"], await worker.ReadAsync("lines", 2));
        await worker.RestartAsync();
        await System.IO.File.AppendAllTextAsync(input, "three\n", TestContext.Current.CancellationToken);
        Assert.Equal(["one", "two", "three"], await worker.ReadAsync("lines", 3));
    }

    private static Task AwaitLinesAsync(string file, params string[] lines) => TestWorker.AwaitAsync($"{file} has {lines.Length} lines", async () =>
        System.IO.File.Exists(file) && (await System.IO.File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).SequenceEqual(lines));
}
