namespace Barnabas.Cli.Framework;

/// <summary>Ends a verb with one line on the standard error and an exit status.</summary>
internal class VerbException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

/// <summary>Ends a verb by printing its usage, as Kafka's tools do for <c>--help</c> and for a call without arguments.</summary>
internal class UsageException(string usage, int exitCode, bool toStandardError) : VerbException(usage, exitCode)
{
    public bool ToStandardError { get; } = toStandardError;
}
