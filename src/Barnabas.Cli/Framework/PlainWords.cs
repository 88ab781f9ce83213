namespace Barnabas.Cli.Framework;

/// <summary>
/// Lets <c>barnabas topics create orders --partitions 3</c> stand for <c>--create --topic orders --partitions 3</c>: the first word is the
/// action, the second what it is done to, and a broker on this machine is assumed.
/// </summary>
internal static class PlainWords
{
    public static void Translate(VerbEntry entry, List<string> arguments)
    {
        if (entry.Subject is null)
            return;
        if (arguments.Count > 0 && !arguments[0].StartsWith('-'))
        {
            arguments[0] = "--" + arguments[0];
            if (arguments.Count > 1 && !arguments[1].StartsWith('-') && entry.Subject.Length > 0)
                arguments.Insert(1, "--" + entry.Subject);
        }

        if (!arguments.Exists(argument => argument.StartsWith("--bootstrap", StringComparison.Ordinal) || argument is "--help" or "--version" or "--broker-list"))
            arguments.AddRange(["--bootstrap-server", "localhost:9092"]);
    }
}
