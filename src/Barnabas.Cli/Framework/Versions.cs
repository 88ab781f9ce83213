using System.Reflection;

namespace Barnabas.Cli.Framework;

/// <summary>What <c>--version</c> prints.</summary>
internal static class Versions
{
    /// <summary>The version of Apache Kafka whose protocol and tools these are.</summary>
    public const string Kafka = "4.3.1";

    public static string Text => $"{Kafka} (Barnabas {Barnabas})";

    public static string Barnabas => Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";
}
