namespace Barnabas.Configuration.Brokers;

/// <summary>Divides addresses. Without regular expressions: every start parses a few, and their library costs more than the rest of it.</summary>
internal static class HostAndPort
{
    /// <summary>Whether the text has only what host names and addresses consist of.</summary>
    public static bool IsHost(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '%' or '.' or '_' or ':'))
                return false;
        }

        return true;
    }

    /// <summary>Divides <c>host:port</c> or <c>[host]:port</c>; the port is whatever follows the last colon.</summary>
    /// <returns>False when there is no colon, or no host name before it.</returns>
    public static bool TrySplit(ReadOnlySpan<char> text, out string host, out ReadOnlySpan<char> port)
    {
        host = "";
        port = default;
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return false;
        var name = text[..colon];
        if (name is ['[', ..])
            name = name[1..];
        if (name is [.., ']'])
            name = name[..^1];
        if (!IsHost(name))
            return false;
        host = name.ToString();
        port = text[(colon + 1)..];
        return true;
    }
}
