using System.Collections.Frozen;

namespace Barnabas.Connect.Transforms;

/// <summary>The built-in transforms by the names that configurations give them: short, or Kafka Connect's class.</summary>
internal static class TransformationCatalog
{
    private const string Package = "org.apache.kafka.connect.transforms.";

    private static readonly FrozenDictionary<string, Func<ITransformation>> ByName = new Dictionary<string, Func<ITransformation>>
    {
        ["Cast$Key"] = () => new Cast(RecordPart.Key),
        ["Cast$Value"] = () => new Cast(RecordPart.Value),
        ["DropHeaders"] = () => new DropHeaders(),
        ["ExtractField$Key"] = () => new ExtractField(RecordPart.Key),
        ["ExtractField$Value"] = () => new ExtractField(RecordPart.Value),
        ["Filter"] = () => new Filter(),
        ["Flatten$Key"] = () => new Flatten(RecordPart.Key),
        ["Flatten$Value"] = () => new Flatten(RecordPart.Value),
        ["HeaderFrom$Key"] = () => new HeaderFrom(RecordPart.Key),
        ["HeaderFrom$Value"] = () => new HeaderFrom(RecordPart.Value),
        ["HoistField$Key"] = () => new HoistField(RecordPart.Key),
        ["HoistField$Value"] = () => new HoistField(RecordPart.Value),
        ["InsertField$Key"] = () => new InsertField(RecordPart.Key),
        ["InsertField$Value"] = () => new InsertField(RecordPart.Value),
        ["InsertHeader"] = () => new InsertHeader(),
        ["MaskField$Key"] = () => new MaskField(RecordPart.Key),
        ["MaskField$Value"] = () => new MaskField(RecordPart.Value),
        ["RegexRouter"] = () => new RegexRouter(),
        ["ReplaceField$Key"] = () => new ReplaceField(RecordPart.Key),
        ["ReplaceField$Value"] = () => new ReplaceField(RecordPart.Value),
        ["SetSchemaMetadata$Key"] = () => new SetSchemaMetadata(RecordPart.Key),
        ["SetSchemaMetadata$Value"] = () => new SetSchemaMetadata(RecordPart.Value),
        ["TimestampConverter$Key"] = () => new TimestampConverter(RecordPart.Key),
        ["TimestampConverter$Value"] = () => new TimestampConverter(RecordPart.Value),
        ["TimestampRouter"] = () => new TimestampRouter(),
        ["ValueToKey"] = () => new ValueToKey(),
    }.ToFrozenDictionary();

    /// <summary>All class names, in order.</summary>
    public static IEnumerable<string> ClassNames => ByName.Keys.Order(StringComparer.Ordinal).Select(name => Package + name);

    /// <summary>A new transform, or null where no built-in one has that name.</summary>
    public static ITransformation? Create(string name) =>
        ByName.TryGetValue(name.StartsWith(Package, StringComparison.Ordinal) ? name[Package.Length..] : name, out var make) ? make() : null;
}
