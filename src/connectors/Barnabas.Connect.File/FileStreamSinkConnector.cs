using System.Text;
using Barnabas.Configuration;
using Barnabas.Connect.Config;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Records;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.File;

/// <summary>Values of records as lines of a file, or on the standard output.</summary>
public sealed class FileStreamSinkConnector : SinkConnector
{
    internal const string FileKey = "file";

    internal static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(FileKey, ConfigType.String) { Default = null, Importance = ConfigImportance.High, Documentation = "The file to append to; the standard output where it is not given." });

    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Version => FilePlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new FileStreamSinkTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _ = Definition.Parse(configs);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [.. Enumerable.Repeat(_configs, maxTasks)];
}

/// <summary>Appends lines, and makes them durable before offsets are committed.</summary>
public sealed class FileStreamSinkTask : SinkTask
{
    private Stream? _stream;

    /// <inheritdoc/>
    public override Task StartAsync(SinkTaskContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        var file = FileStreamSinkConnector.Definition.Parse(configs).FindString(FileStreamSinkConnector.FileKey);
        try
        {
            _stream = file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConnectException($"Couldn't find or create file '{file}' for FileStreamSinkTask", error);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task PutAsync(IReadOnlyList<SinkRecord> records, CancellationToken cancellationToken)
    {
        if (records.Count == 0) return;
        var lines = new StringBuilder();
        foreach (var record in records) lines.Append(record.Value is null ? "null" : ValueText.Of(record.Value)).Append('\n');
        await _stream!.WriteAsync(Encoding.UTF8.GetBytes(lines.ToString()), cancellationToken);
    }

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_stream is FileStream file) file.Flush(flushToDisk: true);
        return _stream?.FlushAsync(cancellationToken) ?? Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task StopAsync()
    {
        if (_stream is FileStream file) await file.DisposeAsync();
    }
}
