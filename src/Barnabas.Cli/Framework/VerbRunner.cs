using Barnabas.Configuration;
using Barnabas.Metadata.Formatting;
using Barnabas.Protocol;

namespace Barnabas.Cli.Framework;

/// <summary>Finds a verb, runs it, and turns every failure into one line and an exit status.</summary>
internal static class VerbRunner
{
    public static async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        try
        {
            return await DispatchAsync(context, arguments);
        }
        catch (UsageException usage)
        {
            await FlushAsync(context);
            (usage.ToStandardError ? context.Error : context.Out).Write(usage.Message);
            return usage.ExitCode;
        }
        catch (Exception error) when (Environment.GetEnvironmentVariable("BARNABAS_TRACE") is not "1")
        {
            return await ReportAsync(context, error);
        }
        finally
        {
            await FlushAsync(context);
        }
    }

    private static Task<int> DispatchAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0)
            throw new UsageException(VerbCatalog.Usage(), 1, toStandardError: true);
        if (arguments[0] is "--help" or "-h" or "help")
            throw new UsageException(VerbCatalog.Usage(), 0, toStandardError: false);
        if (arguments[0] is "--version")
        {
            context.Out.WriteLine(Versions.Text);
            return Task.FromResult(0);
        }

        if (!VerbCatalog.TryFind(arguments[0], out var entry))
            throw new VerbException($"barnabas: there is no verb {arguments[0]}; barnabas --help lists them");
        var rest = arguments.Skip(1).ToList();
        if (!arguments[0].StartsWith("kafka-", StringComparison.Ordinal))
            PlainWords.Translate(entry, rest);
        return ListAsync(context, entry.Create().RunAsync(context, rest));
    }

    private static async Task<int> ListAsync(VerbContext context, Task<int> verb)
    {
        var status = await verb;
        if (status == 0)
            context.Listing?.WriteTo(context.Out);
        return status;
    }

    private static async Task<int> ReportAsync(VerbContext context, Exception error)
    {
        if (error is AggregateException { InnerExceptions.Count: 1 } aggregate)
            error = aggregate.InnerExceptions[0];
        await FlushAsync(context);
        var (line, status) = error switch
        {
            VerbException verb => (verb.Message, verb.ExitCode),
            OperationCanceledException when context.Stop.IsCancellationRequested => ("", 130),
            KafkaException or ConfigException or FormatterException or TimeoutException => (error.Message, 1),
            UnauthorizedAccessException or IOException => (error.Message, 1),
            _ => ($"{error.GetType().Name}: {error.Message} (BARNABAS_TRACE=1 shows where)", 1),
        };
        if (line.Length > 0)
            context.Error.WriteLine(line.ReplaceLineEndings(" ").TrimEnd());
        return status;
    }

    private static async Task FlushAsync(VerbContext context)
    {
        try
        {
            await context.Out.FlushAsync();
        }
        catch (IOException)
        {
            // The reader of our output is gone: there is nobody left to tell.
        }
    }
}
