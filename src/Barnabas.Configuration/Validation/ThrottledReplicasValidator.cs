using System.Text.RegularExpressions;

namespace Barnabas.Configuration.Validation;

/// <summary>Replicas whose replication is throttled: a star, or pairs of partition and broker.</summary>
internal sealed partial class ThrottledReplicasValidator : ConfigValidator
{
    private const string Notation = "[partitionId]:[brokerId],[partitionId]:[brokerId],...";

    public override void EnsureValid(string name, object? value)
    {
        var list = value as IReadOnlyList<string>;
        if (list is not null && (list is ["*"] || list.All(replica => Replica().IsMatch(replica))))
            return;
        throw new ConfigException(name, value,
            $"{name} must be the literal '*' or a list of replicas in the following format: {Notation}");
    }

    public override string Describe() => Notation;

    [GeneratedRegex(@"^[0-9]+:[0-9]+$")]
    private static partial Regex Replica();
}
