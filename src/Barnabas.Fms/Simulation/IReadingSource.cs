using Barnabas.Fms.Readings;

namespace Barnabas.Fms.Simulation;

/// <summary>What devices measure at a moment, as a function of it: no history is kept.</summary>
internal interface IReadingSource
{
    /// <summary>The measures of a device.</summary>
    /// <param name="device">Its number, from 1.</param>
    /// <param name="tick">How many intervals after 1970.</param>
    /// <param name="isFail">Whether it has failed.</param>
    Measures At(int device, long tick, out bool isFail);
}
