using System.Globalization;
using System.Net.Http;
using System.Text.RegularExpressions;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Verbs.Telemetry;

/// <summary>
/// kafka-jmx: prints metrics again and again as lines of comma-separated values. There is no JMX here; they come from the node's
/// <c>/metrics</c> (barnabas.metrics.listener).
/// </summary>
internal sealed class JmxVerb : Verb
{
    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Dump metrics of a node to the standard output, read from its /metrics (barnabas.metrics.listener).");
        var url = parser.Value("url", "String", "Where /metrics is served.", "http://localhost:9404/metrics");
        parser.Value("jmx-url", "String: service-url", "Not used: there is no JMX. Give --url.");
        var name = parser.Value("object-name", "String: name", "A metric's name, or a name of Kafka's MBean (kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec); may be given more than once. All metrics without it.");
        var interval = parser.Value("reporting-interval", "Integer: ms", "Milliseconds between two lines; -1 for one line.", "2000");
        var once = parser.OptionalValue("one-time", "Boolean: one-time", "Print one line.", "false");
        var dates = parser.Value("date-format", "String: format", "The format of times; milliseconds since 1970 without it.");
        var format = parser.Value("report-format", "String: report-format", "original, properties, csv or tsv.", "original");
        parser.Flag("wait", "Waits for the metrics to be there.");
        if (parser.ParseOrPrint(context, arguments) is not { } options)
            return 0;
        var wanted = options.ValuesOf(name).Select(PatternOf).ToList();
        var isOnce = options.IntOf(interval) < 0 || (options.Has(once) && (options.ValueOf(once) ?? "true").Equals("true", StringComparison.OrdinalIgnoreCase));
        using var http = new HttpClient();
        List<string>? header = null;
        while (true)
        {
            var metrics = (await ReadAsync(http, options.Required(url), context.Stop)).Where(m => wanted.Count == 0 || wanted.Exists(w => w.IsMatch(m.Name))).ToList();
            if (metrics.Count == 0)
                throw new VerbException($"No matched attributes for the queried objects {string.Join(", ", options.ValuesOf(name))}.");
            var now = context.Time.GetLocalNow();
            var time = options.ValueOf(dates) is { } pattern ? now.ToString(pattern, CultureInfo.InvariantCulture) : now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            header ??= [.. metrics.Select(m => m.Name)];
            Print(context, options.Required(format), time, header, metrics.ToDictionary(m => m.Name, m => m.Value), isFirst: header.Count == metrics.Count);
            if (isOnce)
                return 0;
            await context.Out.FlushAsync(context.Stop);
            await Task.Delay(TimeSpan.FromMilliseconds(options.IntOf(interval)), context.Time, context.Stop);
        }
    }

    private bool _headed;

    private void Print(VerbContext context, string format, string time, List<string> header, Dictionary<string, string> values, bool isFirst)
    {
        if (format == "properties")
        {
            context.Out.WriteLine($"time={time}");
            foreach (var column in header)
                context.Out.WriteLine($"{column}={values.GetValueOrDefault(column, "")}");
            return;
        }
        var separator = format == "tsv" ? '\t' : ',';
        if (!_headed && isFirst)
            context.Out.WriteLine(string.Join(separator, header.Prepend("time").Select(h => $"\"{h.Replace("\"", "'", StringComparison.Ordinal)}\"")));
        _headed = true;
        context.Out.WriteLine(string.Join(separator, header.Select(h => values.GetValueOrDefault(h, "")).Prepend(time)));
    }

    /// <summary>An MBean's name becomes the pattern of the metrics that exporters make of it.</summary>
    private static Regex PatternOf(string name)
    {
        var bean = Regex.Match(name, @"^([a-z.]+):type=([^,]+)(?:,name=([^,]+))?(.*)$");
        if (!bean.Success)
            return new Regex("^" + Regex.Escape(name), RegexOptions.IgnoreCase);
        var metric = bean.Groups[3].Value;
        if (metric.EndsWith("PerSec", StringComparison.Ordinal))
            metric = metric[..^"PerSec".Length];
        var text = Regex.Replace($"{bean.Groups[1].Value}_{bean.Groups[2].Value}_{metric}", "[^A-Za-z0-9_*]", "_").Replace("*", "[a-z0-9_]*", StringComparison.Ordinal);
        var labels = string.Concat(bean.Groups[4].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('=')).Where(l => l.Length == 2 && l[1] != "*")
            .Select(l => $"(?=.*{Regex.Escape(l[0])}=\"{Regex.Escape(l[1])}\")"));
        return new Regex($"^{labels}{text}", RegexOptions.IgnoreCase);
    }

    private static async Task<List<(string Name, string Value)>> ReadAsync(HttpClient http, string url, CancellationToken stop)
    {
        try
        {
            var text = await http.GetStringAsync(url, stop);
            return [.. text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').Select(l => (l[..l.LastIndexOf(' ')], l[(l.LastIndexOf(' ') + 1)..]))];
        }
        catch (HttpRequestException error)
        {
            throw new VerbException($"Could not read metrics from {url}: {error.Message}. Set barnabas.metrics.listener in the node's properties.");
        }
    }
}
