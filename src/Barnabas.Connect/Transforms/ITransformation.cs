using Barnabas.Connect.Config;
using Barnabas.Connect.Records;

namespace Barnabas.Connect.Transforms;

/// <summary>Changes single records on their way (KIP-66). One instance serves one task, on one thread at a time.</summary>
public interface ITransformation
{
    /// <summary>Its configuration keys.</summary>
    ConfigDef Config { get; }

    /// <summary>Called once before use.</summary>
    /// <exception cref="Barnabas.Configuration.ConfigException">A value is not valid.</exception>
    void Configure(IReadOnlyDictionary<string, string> configs);

    /// <summary>The record to go on with; null drops it.</summary>
    /// <exception cref="Data.DataException">The record is not one that it can change.</exception>
    ConnectRecord? Apply(ConnectRecord record);
}
