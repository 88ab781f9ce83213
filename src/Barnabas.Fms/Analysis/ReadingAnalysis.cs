using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Analysis;

/// <summary>What the analyser says of a reading.</summary>
internal struct ReadingAnalysis
{
    /// <summary>The moving averages with this reading in them.</summary>
    public Measures Averages;

    /// <summary>A bit for each number that is above its threshold.</summary>
    public int Exceeded;

    /// <summary>CRITICAL: the device has failed, or something is above its threshold. Else NORMAL.</summary>
    public bool IsCritical;
}
