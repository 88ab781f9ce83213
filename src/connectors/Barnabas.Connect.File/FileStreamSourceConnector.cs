using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Errors;
using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.File;

/// <summary>Lines of a file, or of the standard input, as records; goes on where the file grows.</summary>
public sealed class FileStreamSourceConnector : SourceConnector
{
    internal const string FileKey = "file";
    internal const string TopicKey = "topic";
    internal const string BatchKey = "batch.size";
    internal const string FilenameField = "filename";
    internal const string PositionField = "position";

    internal static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(FileKey, ConfigType.String) { Default = null, Importance = ConfigImportance.High, Documentation = "The file to read; the standard input where it is not given." })
        .Define(new(TopicKey, ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Documentation = "The topic for the lines." })
        .Define(new(BatchKey, ConfigType.Int) { Default = "2000", Importance = ConfigImportance.Low, Documentation = "The largest number of lines that are read at once." });

    private IReadOnlyDictionary<string, string> _configs = new Dictionary<string, string>();

    /// <inheritdoc/>
    public override string Version => FilePlugins.Version;

    /// <inheritdoc/>
    public override ConfigDef Config => Definition;

    /// <inheritdoc/>
    public override ConnectTask NewTask() => new FileStreamSourceTask();

    /// <inheritdoc/>
    public override Task StartAsync(ConnectorContext context, IReadOnlyDictionary<string, string> configs, CancellationToken cancellationToken)
    {
        _configs = configs;
        _ = Definition.Parse(configs);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyDictionary<string, string>> TaskConfigs(int maxTasks) => [_configs];

    /// <inheritdoc/>
    public override bool? SupportsExactlyOnce(IReadOnlyDictionary<string, string> configs) => configs.ContainsKey(FileKey);

    /// <inheritdoc/>
    public override bool AlterOffsets(
        IReadOnlyDictionary<string, string> configs, IReadOnlyList<KeyValuePair<IReadOnlyDictionary<string, object?>, IReadOnlyDictionary<string, object?>?>> offsets)
    {
        if (!configs.ContainsKey(FileKey)) throw new ConnectException("Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.");
        foreach (var (partition, offset) in offsets)
        {
            if (offset is null) continue;
            if (!offset.TryGetValue(PositionField, out var position)) throw new ConnectException($"Offset objects should either be null or contain the key '{PositionField}'");
            if (position is not long number) throw new ConnectException($"The value for the '{PositionField}' key in the offset is expected to be a number");
            if (number < 0) throw new ConnectException($"The value for the '{PositionField}' key in the offset should be a non-negative value");
            if (!partition.ContainsKey(FilenameField)) throw new ConnectException($"Partition objects should contain the key '{FilenameField}'");
        }

        return true;
    }
}
