using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Data;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Names the topic by the record's timestamp.</summary>
public sealed class TimestampRouter : ITransformation
{
    private static readonly ConfigDef Definition = new ConfigDef()
        .Define(new("topic.format", ConfigType.String) { Default = "${topic}-${timestamp}", Importance = ConfigImportance.High, Documentation = "The new name; ${topic} and ${timestamp} stand for the record's." })
        .Define(new("timestamp.format", ConfigType.String) { Default = "yyyyMMdd", Importance = ConfigImportance.High, Documentation = "How the timestamp is written, in Java's SimpleDateFormat notation." });

    private string _topicFormat = "";
    private JavaDateFormat _timestampFormat = JavaDateFormat.Parse("yyyyMMdd");

    /// <inheritdoc/>
    public ConfigDef Config => Definition;

    /// <inheritdoc/>
    public void Configure(IReadOnlyDictionary<string, string> configs)
    {
        var values = Definition.Parse(configs);
        _topicFormat = values.GetString("topic.format");
        _timestampFormat = JavaDateFormat.Parse(values.GetString("timestamp.format"));
    }

    /// <inheritdoc/>
    public ConnectRecord? Apply(ConnectRecord record)
    {
        var timestamp = record.Timestamp ?? throw new DataException("Timestamp missing on record: " + record.Topic);
        var text = _timestampFormat.Format(LogicalTypes.FromMilliseconds(timestamp));
        return record with { Topic = _topicFormat.Replace("${topic}", record.Topic, StringComparison.Ordinal).Replace("${timestamp}", text, StringComparison.Ordinal) };
    }
}
