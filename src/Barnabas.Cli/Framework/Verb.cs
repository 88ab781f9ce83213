namespace Barnabas.Cli.Framework;

/// <summary>One tool. Made anew for each call; <see cref="RunAsync"/> returns the exit status.</summary>
internal abstract class Verb
{
    /// <summary>Runs the tool.</summary>
    /// <exception cref="VerbException">A person's mistake, or a failure that one line explains.</exception>
    public abstract Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments);
}
