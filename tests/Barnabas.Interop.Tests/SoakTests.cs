using System.Globalization;

namespace Barnabas.Interop.Tests;

/// <summary>The soak script, two minutes of it; BARNABAS_SOAK_SECONDS lets it run on, and <c>bench/soak.sh</c> by hand takes an hour.</summary>
[Collection(Alone.Name)]
public sealed class SoakTests
{
    private const int DefaultSeconds = 120;

    [Fact]
    public async Task Memory_and_handles_stay_flat_under_load_of_every_kind()
    {
        var seconds = Environment.GetEnvironmentVariable("BARNABAS_SOAK_SECONDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultSeconds;
        var result = await Command.RunAsync("bash", [Path.Combine(Distribution.Barnabas.Home, "bench", "soak.sh"), $"{seconds}"], patience: TimeSpan.FromSeconds(seconds + 120));
        Assert.Contains($"flat for {seconds} s", result.EnsureSuccess().Output, StringComparison.Ordinal);
    }
}
