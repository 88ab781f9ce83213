using Barnabas.Configuration;
using Barnabas.Configuration.Validation;
using Barnabas.Connect.Config;
using Barnabas.Connect.Http.Requests;

namespace Barnabas.Connect.Http.Source;

/// <summary>The HTTP source's configuration. Immutable.</summary>
internal sealed class HttpSourceConfig
{
    public const string UrlKey = "url";
    public const string EntitiesKey = "entity.names";
    public const string OffsetModeKey = "http.offset.mode";
    public const string OffsetPointerKey = "http.offset.json.pointer";

    private const string Source = "Source";
    private const string Response = "Answer";

    public static readonly ConfigDef Definition = new ConfigDef()
        .Define(new(UrlKey, ConfigType.String) { Validator = UrlTemplate.Validator, Importance = ConfigImportance.High, Group = Source, Order = 1, Width = "LONG", DisplayName = "URL", Documentation = "What is asked: a URL, with {Name} for each of entity.names and ${offset} for where reading goes on." })
        .Define(new(EntitiesKey, ConfigType.List) { Default = "", Validator = EntityNames.Validator, Importance = ConfigImportance.High, Group = Source, Order = 2, DisplayName = "Entities", Documentation = "What stands for {Name} in url: names and ranges, such as 1..5,9. Each is asked by itself and is the key of its records." })
        .Define(new("topic.name.pattern", ConfigType.String) { Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.High, Group = Source, Order = 3, DisplayName = "Topic", Documentation = "The topic; ${entityName} stands for the entity." })
        .Define(new("request.interval.ms", ConfigType.Long) { Default = "15000", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.High, Group = Source, Order = 4, DisplayName = "Interval", Documentation = "The time from one request for an entity to the next, in milliseconds." })
        .Define(new("max.concurrent.requests", ConfigType.Int) { Default = "16", Validator = ConfigValidators.AtLeast("1"), Importance = ConfigImportance.Low, Group = Source, Order = 5, DisplayName = "Concurrent requests", Documentation = "How many requests a task has under way at once." })
        .Define(new("http.request.method", ConfigType.String) { Default = "GET", Validator = ConfigValidators.OneOfIgnoringCase("GET", "POST"), Group = Source, Order = 6, DisplayName = "Method", Documentation = "GET, or POST with http.request.body." })
        .Define(new("http.request.headers", ConfigType.Password) { Default = "", Group = Source, Order = 7, DisplayName = "Headers", Documentation = "Headers, as Name: value, parted by http.request.headers.separator." })
        .Define(new("http.request.headers.separator", ConfigType.String) { Default = "|", Validator = ConfigValidators.NonEmptyText, Importance = ConfigImportance.Low, Group = Source, Order = 8, DisplayName = "Header separator", Documentation = "What parts headers." })
        .Define(new("http.request.parameters", ConfigType.String) { Default = "", Group = Source, Order = 9, DisplayName = "Parameters", Documentation = "Parameters added to the URL, such as since=${offset}&limit=100." })
        .Define(new("http.request.body", ConfigType.String) { Default = "", Importance = ConfigImportance.Low, Group = Source, Order = 10, DisplayName = "Body", Documentation = "The body of a POST; places are filled as in url." })
        .Define(new("http.response.data.json.pointer", ConfigType.String) { Default = "", Validator = JsonPointer.Validator, Importance = ConfigImportance.High, Group = Response, Order = 1, DisplayName = "Records", Documentation = "The JSON pointer to the records in an answer: a list gives one record each, anything else is one. Empty for the whole answer." })
        .Define(new("http.response.value", ConfigType.String) { Default = "struct", Validator = ConfigValidators.OneOfIgnoringCase("struct", "map", "text"), Group = Response, Order = 2, DisplayName = "Values", Documentation = "What values become: struct with a schema learnt from what was read, map without a schema, or the text of the JSON. With text and no pointer, answers need not be JSON." })
        .Define(new(OffsetModeKey, ConfigType.String) { Default = "NONE", Validator = ConfigValidators.OneOfIgnoringCase("NONE", "ETAG", "INCREASING", "CHAINING", "SIMPLE_INCREMENTING"), Importance = ConfigImportance.High, Group = Response, Order = 3, DisplayName = "Offset mode", Documentation = "How it is known what is new: NONE takes each answer; ETAG what the server says has changed; INCREASING records whose offset field is above the highest so far; CHAINING tells the server the last record's offset field as ${offset}; SIMPLE_INCREMENTING tells it how many records there were." })
        .Define(new(OffsetPointerKey, ConfigType.String) { Default = null, Validator = JsonPointer.Validator, Importance = ConfigImportance.High, Group = Response, Order = 4, DisplayName = "Offset field", Documentation = "The JSON pointer to the offset field in a record, a number or text, for INCREASING and CHAINING." })
        .Define(new("http.initial.offset", ConfigType.String) { Default = "", Group = Response, Order = 5, DisplayName = "Initial offset", Documentation = "What ${offset} is before the first record." })
        .Define(new("behavior.on.error", ConfigType.String) { Default = "FAIL", Validator = ConfigValidators.OneOfIgnoringCase("FAIL", "IGNORE"), Group = "Retries", Order = 5, DisplayName = "On errors", Documentation = "What follows when an entity cannot be read after all retries: FAIL ends the task, IGNORE logs it and asks again at the next interval." })
        .Embed(RequestKeys.Define(maxRetries: "5"));

    /// <exception cref="ConfigException">A value is not valid.</exception>
    public HttpSourceConfig(IReadOnlyDictionary<string, string> configs)
    {
        Values = Definition.Parse(configs);
        Url = new UrlTemplate(Values.GetString(UrlKey));
        Entities = EntityNames.Expand(Values.GetList(EntitiesKey));
        Mode = ModeOf(Values.GetString(OffsetModeKey));
        Data = JsonPointer.Parse(Values.GetString("http.response.data.json.pointer"));
        Offset = JsonPointer.Parse(Values.FindString(OffsetPointerKey) ?? "");
        Headers = HeaderLines.Parse("http.request.headers", Values.GetString("http.request.headers"), Values.GetString("http.request.headers.separator"));
        Value = Values.GetString("http.response.value").ToUpperInvariant();
    }

    public ConfigValues Values { get; }

    public UrlTemplate Url { get; }

    /// <summary>The entities; none for a URL without a place for them.</summary>
    public IReadOnlyList<string> Entities { get; }

    public OffsetMode Mode { get; }

    public JsonPointer Data { get; }

    public JsonPointer Offset { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    /// <summary>STRUCT, MAP or TEXT.</summary>
    public string Value { get; }

    public bool IgnoresErrors => Values.GetString("behavior.on.error").Equals("IGNORE", StringComparison.OrdinalIgnoreCase);

    public static OffsetMode ModeOf(string name) => name.Trim().ToUpperInvariant() switch
    {
        "ETAG" => OffsetMode.ETag,
        "INCREASING" => OffsetMode.Increasing,
        "CHAINING" => OffsetMode.Chaining,
        "SIMPLE_INCREMENTING" => OffsetMode.SimpleIncrementing,
        _ => OffsetMode.None,
    };
}
