namespace Barnabas.Cli.Framework.Options;

/// <summary>Options that do not parse or do not go together; the texts are those of joptsimple and of Kafka.</summary>
internal sealed class OptionException(string message) : VerbException(message)
{
    /// <summary>An option inside joptsimple's messages: its one name, or all in brackets.</summary>
    public static string NameOf(OptionSpec option) => option.Names.Count == 1 ? option.Names[0] : "[" + string.Join('/', option.Names) + "]";
}
