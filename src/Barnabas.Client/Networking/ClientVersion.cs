namespace Barnabas.Client.Networking;

/// <summary>What the client says about itself when it asks for API versions (KIP-511).</summary>
internal static class ClientVersion
{
    public static string Text { get; } = typeof(ClientVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}
