namespace Barnabas.Storage.Simulation;

/// <summary>The simulated machine lost power; nothing may handle it but the simulation.</summary>
public sealed class SimulatedCrashException : Exception
{
    /// <summary>A loss of power.</summary>
    public SimulatedCrashException()
        : base("The simulated machine lost power")
    {
    }
}
