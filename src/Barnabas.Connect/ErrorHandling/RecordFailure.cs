namespace Barnabas.Connect.ErrorHandling;

/// <summary>A record that could not go on.</summary>
/// <param name="Stage">Where.</param>
/// <param name="PluginName">The class that failed.</param>
/// <param name="Error">Why.</param>
/// <param name="Attempts">How many tries were made.</param>
public sealed record RecordFailure(ErrorStage Stage, string PluginName, Exception Error, int Attempts);
