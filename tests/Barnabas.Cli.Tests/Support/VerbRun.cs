using System.Text;
using Barnabas.Cli.Framework;

namespace Barnabas.Cli.Tests.Support;

/// <summary>One call of a verb inside the test process: what it printed and its exit status.</summary>
internal sealed record VerbRun(int Status, string Out, string Error)
{
    public static async Task<VerbRun> RunAsync(params string[] arguments) => await RunWithAsync("", arguments);

    public static async Task<VerbRun> RunWithAsync(string input, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        await using var writer = new StreamWriter(output, new UTF8Encoding(false));
        var status = await VerbRunner.RunAsync(
            new VerbContext
            {
                Input = new MemoryStream(Encoding.UTF8.GetBytes(input)),
                Out = writer,
                OutputStream = output,
                Error = error,
                Home = AppContext.BaseDirectory,
                LogDirectory = AppContext.BaseDirectory,
                IsTerminal = false,
                Stop = CancellationToken.None,
            },
            arguments);
        await writer.FlushAsync();
        return new VerbRun(status, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
