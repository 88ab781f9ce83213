using System.Collections.Immutable;

namespace Barnabas.Coordination.Groups.Consumer;

/// <summary>The topics that a pattern matched.</summary>
/// <param name="Topics">Their names.</param>
/// <param name="Version">The version of the metadata it was matched against.</param>
/// <param name="TimestampMs">When, in milliseconds since the epoch.</param>
internal sealed record ResolvedPattern(ImmutableSortedSet<string> Topics, long Version, long TimestampMs);
