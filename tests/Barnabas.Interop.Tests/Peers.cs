namespace Barnabas.Interop.Tests;

/// <summary>The real counterparts in the folder that BARNABAS_PEERS names; a test that needs one that is not there is skipped with the reason.</summary>
internal static class Peers
{
    public static string Folder()
    {
        var folder = Environment.GetEnvironmentVariable("BARNABAS_PEERS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BARNABAS_PEERS is not set: no real counterparts to test against");
        return folder!;
    }

    /// <summary>The folder with the sensors' CSV files.</summary>
    public static string Sensors()
    {
        var folder = Environment.GetEnvironmentVariable("BARNABAS_SENSORS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "BARNABAS_SENSORS is not set: no sensor data to test with");
        return folder!;
    }
}
