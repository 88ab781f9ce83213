namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>The last two messages of GSSAPI (RFC 4752, section 3): the server offers layers, the client chooses one and may say whom it acts for. Kafka has no layer alone: TLS is below.</summary>
internal static class SecurityLayers
{
    private const byte None = 1;
    private const int HeaderBytes = 4;

    /// <summary>No layer, and so no size.</summary>
    public static byte[] Offer => [None, 0, 0, 0];

    /// <summary>The client's choice among what a server offers.</summary>
    /// <exception cref="SaslException">The server insists on a layer.</exception>
    public static byte[] Choose(ReadOnlySpan<byte> offer)
    {
        if (offer.Length != HeaderBytes)
            throw new SaslException($"The offer of security layers has {offer.Length} bytes instead of {HeaderBytes}");
        return (offer[0] & None) != 0 ? [None, 0, 0, 0] : throw new SaslException("The node wants a security layer; there is none but TLS");
    }

    /// <summary>Checks the client's choice; behind it stands whom it wants to act for.</summary>
    /// <exception cref="SaslException">The client chose what was not offered.</exception>
    public static void CheckChoice(ReadOnlySpan<byte> choice)
    {
        if (choice.Length < HeaderBytes)
            throw new SaslException($"The choice of a security layer has {choice.Length} bytes");
        if (choice[0] != None)
            throw new SaslException($"The client chose the security layer {choice[0]}, which was not offered");
    }
}
