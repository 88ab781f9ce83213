using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Http.Requests;

namespace Barnabas.Connect.Http.Sink;

/// <summary>The HTTP sink's configuration. Immutable.</summary>
internal sealed class HttpSinkConfig
{
    public const string UrlKey = "http.api.url";

    private const string Request = "Request";
    private const string Batching = "Batching";

    public static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(UrlKey, ConfigType.String) { Validator = SinkUrl.Validator, Importance = ConfigImportance.High, Group = Request, Order = 1, Width = "LONG", DisplayName = "URL", Documentation = "Where records are sent: a URL, with ${topic} for the record's topic and ${key} for its key." })
        .Define(new("request.method", ConfigType.String) { Default = "POST", Validator = ConfigValidators.OneOfIgnoringCase("POST", "PUT", "PATCH"), Importance = ConfigImportance.High, Group = Request, Order = 2, DisplayName = "Method", Documentation = "POST, PUT or PATCH." })
        .Define(new("headers", ConfigType.Password) { Default = "", Group = Request, Order = 3, DisplayName = "Headers", Documentation = "Headers, as Name: value, parted by header.separator." })
        .Define(new("header.separator", ConfigType.String) { Default = "|", Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.Low, Group = Request, Order = 4, DisplayName = "Header separator", Documentation = "What parts headers." })
        .Define(new("request.body.format", ConfigType.String) { Default = "string", Validator = ConfigValidators.OneOfIgnoringCase("string", "json"), Group = Request, Order = 5, DisplayName = "Body format", Documentation = "string sends text and bytes as they are and everything else as JSON; json sends everything as JSON." })
        .Define(new("behavior.on.null.values", ConfigType.String) { Default = "ignore", Validator = ConfigValidators.OneOfIgnoringCase("ignore", "delete", "fail"), Group = Request, Order = 6, DisplayName = "On null values", Documentation = "What becomes of a record without a value: ignore skips it, delete sends a DELETE to its URL, fail is an error." })
        .Define(new("batch.max.size", ConfigType.Int) { Default = "1", Validator = ConfigValidators.Between("1", "100000"), Importance = ConfigImportance.High, Group = Batching, Order = 1, DisplayName = "Records a request", Documentation = "How many records of one URL are sent in one request." })
        .Define(new("batch.prefix", ConfigType.String) { Default = "", Group = Batching, Order = 2, DisplayName = "Prefix", Documentation = "What stands before the records of a request." })
        .Define(new("batch.suffix", ConfigType.String) { Default = "", Group = Batching, Order = 3, DisplayName = "Suffix", Documentation = "What stands behind the records of a request." })
        .Define(new("batch.separator", ConfigType.String) { Default = ",", Group = Batching, Order = 4, DisplayName = "Separator", Documentation = "What stands between two records of a request." })
        .Define(new("batch.json.as.array", ConfigType.Boolean) { Default = "false", Group = Batching, Order = 5, DisplayName = "As a JSON list", Documentation = "Whether the records of a request are one JSON list; prefix, suffix and separator are then not used." })
        .Embed(RequestKeys.Define(maxRetries: "10"));

    /// <exception cref="ConfigException">A value is not valid.</exception>
    public HttpSinkConfig(IReadOnlyDictionary<string, string> configs)
    {
        Values = Definition.Parse(configs);
        Headers = HeaderLines.Parse("headers", Values.GetString("headers"), Values.GetString("header.separator"));
        IsList = Values.GetBoolean("batch.json.as.array");
        IsJson = IsList || Values.GetString("request.body.format").Equals("json", StringComparison.OrdinalIgnoreCase);
    }

    public ConfigValues Values { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    public bool IsList { get; }

    public bool IsJson { get; }
}
