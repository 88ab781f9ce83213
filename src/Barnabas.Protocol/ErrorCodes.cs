namespace Barnabas.Protocol;

/// <summary>What Kafka says about its error codes.</summary>
public static partial class ErrorCodes
{
    /// <summary>Kafka's sentence for the code.</summary>
    public static string Message(ErrorCode code) => Find(code).Message;

    /// <summary>Kafka's name, such as <c>UNKNOWN_TOPIC_OR_PARTITION</c>.</summary>
    public static string Name(ErrorCode code) => Find(code).Name;

    /// <summary>Whether the same request may succeed later.</summary>
    public static bool IsRetriable(ErrorCode code) => Find(code).IsRetriable;

    /// <summary>The full name of Kafka's Java exception for the code, as its tools print it; null for <see cref="ErrorCode.None"/>.</summary>
    public static string? ExceptionClass(ErrorCode code) => Find(code).ExceptionClass;

    /// <summary>The code a peer sent, or <see cref="ErrorCode.UnknownServerError"/> for one that Kafka has not.</summary>
    public static ErrorCode FromCode(short code) => Find((ErrorCode)code).Code;

    private static Entry Find(ErrorCode code)
    {
        var index = (short)code - Lowest;
        return (uint)index < (uint)Entries.Length ? Entries[index] : Entries[(short)ErrorCode.UnknownServerError - Lowest];
    }

    private sealed record Entry(ErrorCode Code, string Name, bool IsRetriable, string? ExceptionClass, string Message);
}
