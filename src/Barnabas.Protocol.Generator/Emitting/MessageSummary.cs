using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>What the catalogs need of a message; equal when they need not be written again.</summary>
internal sealed record MessageSummary(
    MessageKind Kind,
    string Name,
    short Number,
    short Lowest,
    short Highest,
    short FirstFlexible,
    bool LatestVersionUnstable,
    bool OnBroker,
    bool OnController,
    string? Catalog)
{
    public static MessageSummary Of(MessageSchema message) => new(
        message.Kind,
        message.Name,
        message.Number,
        message.Versions.Lowest,
        message.Versions.Highest,
        message.Flexible.IsEmpty ? short.MaxValue : message.Flexible.Lowest,
        message.LatestVersionUnstable,
        message.OnBroker,
        message.OnController,
        message.Catalog);

    public bool HasVersions => Highest >= Lowest;
}
