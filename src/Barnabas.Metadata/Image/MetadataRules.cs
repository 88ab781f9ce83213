namespace Barnabas.Metadata.Image;

/// <summary>Which metadata.version level brought what, and which record version it writes.</summary>
internal static class MetadataRules
{
    internal const short Minimum = 7;

    /// <summary>The name of the level that <see cref="CordonedDirectories"/> asks for.</summary>
    internal const string CordonedDirectoriesVersion = "4.3-IV0";

    internal static bool Scram(short level) => level >= 11;
    internal static bool Transactions(short level) => level >= 13;
    internal static bool DelegationTokens(short level) => level >= 14;
    internal static bool ControllerRegistration(short level) => level >= 15;
    internal static bool DirectoryAssignment(short level) => level >= 17;
    internal static bool EligibleLeaderReplicas(short level) => level >= 23;
    internal static bool CordonedDirectories(short level) => level >= 30;

    /// <summary>Before 3.6 a broker needed a new leader epoch whenever the in-sync set shrank (KAFKA-15021).</summary>
    internal static bool EpochBumpOnIsrShrink(short level) => level < 12;

    internal static short RegisterBrokerVersion(short level) => level switch
    {
        >= 30 => 4,
        >= 17 => 3,
        >= 8 => 2,
        _ => 1,
    };

    internal static short PartitionVersion(short level) => level switch
    {
        >= 23 => 2,
        >= 17 => 1,
        _ => 0,
    };
}
