namespace Barnabas.Cli.Framework.Arguments;

/// <summary>Arguments that do not parse: printed after the usage of the command they were meant for.</summary>
/// <param name="reason">What is wrong, without the program's name.</param>
/// <param name="page">All that is printed.</param>
internal sealed class ArgumentError(string reason, string page) : UsageException(page, exitCode: 1, toStandardError: true)
{
    public string Reason { get; } = reason;
}
