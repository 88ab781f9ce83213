using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.ConsumerGroups;

/// <summary>The options that say where offsets are reset to.</summary>
internal sealed record ResetScenarios(
    OptionSpec Group, OptionSpec ToOffset, OptionSpec ShiftBy, OptionSpec ToDatetime, OptionSpec ByDuration, OptionSpec ToEarliest, OptionSpec ToLatest, OptionSpec ToCurrent, OptionSpec FromFile)
{
    /// <summary>The scenarios, of which one only may be given.</summary>
    public OptionSpec[] All => [ToOffset, ShiftBy, ToDatetime, ByDuration, ToEarliest, ToLatest, ToCurrent, FromFile];
}
