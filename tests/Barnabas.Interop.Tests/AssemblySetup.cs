// Each test has two cores' worth of brokers and clients of its own: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Barnabas.Interop.Tests;

/// <summary>Tests that run beside no others: they kill in the middle of work, or count what a node takes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
