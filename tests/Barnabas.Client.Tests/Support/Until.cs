namespace Barnabas.Client.Tests.Support;

/// <summary>Bounds every wait of a test, so that a bug fails instead of hanging.</summary>
internal static class Until
{
    public static CancellationToken Seconds(int seconds) => new CancellationTokenSource(TimeSpan.FromSeconds(seconds)).Token;
}
