// Most of a test here is waiting for processes: two classes at a time. Those that kill or measure have the machine for themselves, one after the other.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace Barnabas.Interop.Tests;

/// <summary>Tests that run beside no others: they kill in the middle of work, or count what a node takes.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
