namespace Barnabas.Transport.Tests;

/// <summary>Tests that run beside no others: they measure what the process holds.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
