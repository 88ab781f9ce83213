using Barnabas.Connect.Config;

namespace Barnabas.Connect.ErrorHandling;

/// <summary>The <c>errors.*</c> keys of a connector (KIP-298).</summary>
public sealed record ErrorOptions
{
    /// <summary>How long a failed step is done again; zero for never, negative for ever.</summary>
    public required TimeSpan RetryTimeout { get; init; }

    /// <summary>The longest wait between two tries.</summary>
    public required TimeSpan RetryDelayMax { get; init; }

    /// <summary>Whether a record that fails is skipped rather than ending the task.</summary>
    public required bool IsTolerant { get; init; }

    /// <summary>Whether failures are logged.</summary>
    public required bool IsLogged { get; init; }

    /// <summary>Whether the log names the record.</summary>
    public required bool LogsMessages { get; init; }

    /// <summary>Reads parsed keys of a connector.</summary>
    public static ErrorOptions Of(ConfigValues values) => new()
    {
        RetryTimeout = values.GetMilliseconds("errors.retry.timeout"),
        RetryDelayMax = values.GetMilliseconds("errors.retry.delay.max.ms"),
        IsTolerant = values.GetString("errors.tolerance") == "all",
        IsLogged = values.GetBoolean("errors.log.enable"),
        LogsMessages = values.GetBoolean("errors.log.include.messages"),
    };
}
