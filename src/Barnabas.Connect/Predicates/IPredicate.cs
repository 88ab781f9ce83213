using Barnabas.Connect.Config;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Predicates;

/// <summary>Says which records a transform is for (KIP-585). One instance serves one task, on one thread at a time.</summary>
public interface IPredicate
{
    /// <summary>Its configuration keys.</summary>
    ConfigDef Config { get; }

    /// <summary>Called once before use.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">A value is not valid.</exception>
    void Configure(IReadOnlyDictionary<string, string> configs);

    /// <summary>Whether the record matches.</summary>
    bool Test(ConnectRecord record);
}
