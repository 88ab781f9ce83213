using System.Diagnostics;
using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Cli.Server;

namespace Barnabas.Cli.Verbs;

/// <summary>kafka-server-stop: asks the nodes that run from this distribution to stop.</summary>
internal sealed class ServerStopVerb : Verb
{
    public override Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("Stops the nodes that this distribution runs.");
        var role = parser.Value("process-role", "String: role", "Stop nodes of this role only: broker or controller.");
        var node = parser.Value("node-id", "Integer: id", "Stop the node with this id only.");
        if (parser.ParseOrPrint(context, arguments, needsArguments: false) is not { } options)
            return Task.FromResult(0);
        var servers = Find(context.Home).Where(server => Matches(server.Properties, "process.roles", options.ValueOf(role))
            && Matches(server.Properties, "node.id", options.ValueOf(node))).ToList();
        if (servers.Count == 0)
            throw new VerbException("No kafka server to stop");
        foreach (var (id, _) in servers)
            if (!NativeProcess.Terminate(id))
                throw new VerbException($"Process {id.ToString(CultureInfo.InvariantCulture)} cannot be stopped: it belongs to another user");
        return Task.FromResult(0);
    }

    private static bool Matches(Dictionary<string, string>? properties, string key, string? wanted) =>
        wanted is null || properties is not null && properties.TryGetValue(key, out var value)
            && value.Split(',', StringSplitOptions.TrimEntries).Contains(wanted);

    private static List<(int Id, Dictionary<string, string>? Properties)> Find(string home)
    {
        var found = new List<(int, Dictionary<string, string>?)>();
        var prefix = Path.Combine(Path.GetFullPath(home), "");
        foreach (var process in Process.GetProcessesByName("barnabas"))
            using (process)
            {
                if (process.Id == Environment.ProcessId || CommandLine(process.Id) is not { Length: > 1 } line)
                    continue;
                if (line[1] is not ("kafka-server-start" or "server-start" or "start") || !ExecutableOf(process.Id, line[0]).StartsWith(prefix, StringComparison.Ordinal))
                    continue;
                found.Add((process.Id, line.Length > 2 ? ReadProperties(process.Id, line[2]) : null));
            }

        return found;
    }

    private static string[]? CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ExecutableOf(int id, string fallback) => File.ResolveLinkTarget($"/proc/{id}/exe", false)?.FullName ?? fallback;

    private static Dictionary<string, string>? ReadProperties(int id, string file)
    {
        var folder = File.ResolveLinkTarget($"/proc/{id}/cwd", false)?.FullName ?? "/";
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? Configuration.PropertiesFile.Load(path) : null;
    }
}
