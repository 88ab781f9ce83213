namespace Barnabas.Metadata.Formatting;

/// <summary>Formatting is not possible; the message says why, in Kafka's words.</summary>
public sealed class FormatterException : Exception
{
    /// <summary>A reason.</summary>
    public FormatterException(string message)
        : base(message)
    {
    }

    /// <summary>A reason and its cause.</summary>
    public FormatterException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
