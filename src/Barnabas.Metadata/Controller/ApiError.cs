using Barnabas.Protocol;

namespace Barnabas.Metadata.Controller;

/// <summary>An error code and what a person is told about it; null for the code's own text.</summary>
internal readonly record struct ApiError(ErrorCode Code, string? Text)
{
    internal static readonly ApiError None = new(ErrorCode.None, null);

    internal ApiError(ErrorCode code)
        : this(code, ErrorCodes.Message(code))
    {
    }

    internal bool IsFailure => Code != ErrorCode.None;

    internal static ApiError From(KafkaException e) => new(e.ErrorCode, e.Message);
}
