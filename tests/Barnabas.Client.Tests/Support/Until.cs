namespace Barnabas.Client.Tests.Support;

/// <summary>Bounds every wait of a test, so that a bug fails instead of hanging.</summary>
internal static class Until
{
    // What is waited for comes in no time or never; only a busy machine needs some.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>From now on for two minutes.</summary>
    public static CancellationToken TooLate => new CancellationTokenSource(Patience).Token;
}
