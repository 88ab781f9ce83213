namespace Barnabas.Protocol.Tests;

/// <summary>What Apache Kafka's own classes made of one message at one version, filled in one way.</summary>
internal sealed record GoldenLine(string Message, short Version, string Filling, byte[] Bytes, string Json)
{
    public override string ToString() => $"{Message} v{Version} ({Filling})";
}
