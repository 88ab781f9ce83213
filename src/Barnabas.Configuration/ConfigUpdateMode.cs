namespace Barnabas.Configuration;

/// <summary>Whether a broker's key can change while it runs (KIP-226).</summary>
public enum ConfigUpdateMode
{
    /// <summary>Only by restarting the broker with another file.</summary>
    ReadOnly,

    /// <summary>At run time, for one broker by its id.</summary>
    PerBroker,

    /// <summary>At run time, for one broker or as the default of all.</summary>
    ClusterWide,
}
