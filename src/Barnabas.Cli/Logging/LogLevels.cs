using Barnabas.Configuration;
using Barnabas.Configuration.Logging;
using Microsoft.Extensions.Logging;

namespace Barnabas.Cli.Logging;

/// <summary>
/// The level of each logger, from files in log4j's notations. A logger goes by the longest name that fits it; names of Apache Kafka's
/// packages fit the project that does their work here.
/// </summary>
internal sealed class LogLevels
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LogLevel> _loggers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The level where no name fits.</summary>
    public LogLevel Root { get; private set; } = LogLevel.Information;

    /// <summary>Reads <c>NAME2.yaml</c> and then <c>NAME.properties</c> of the config folder; what the latter sets wins.</summary>
    public static LogLevels Load(string folder, string name)
    {
        var levels = new LogLevels();
        var yaml = Path.Combine(folder, name + "2.yaml");
        if (File.Exists(yaml))
            levels.ReadYaml(File.ReadLines(yaml));
        var properties = Path.Combine(folder, name + ".properties");
        if (File.Exists(properties))
            levels.ReadProperties(PropertiesFile.Load(properties));
        return levels;
    }

    /// <summary>The level of a logger.</summary>
    public LogLevel Of(string category)
    {
        lock (_lock)
        {
            for (var name = category; ;)
            {
                if (_loggers.TryGetValue(name, out var level))
                    return level;
                var dot = name.LastIndexOf('.');
                if (dot < 0)
                    return Root;
                name = name[..dot];
            }
        }
    }

    /// <summary>The names that have a level of their own, those of Apache Kafka's loggers among them.</summary>
    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
                return [.. _loggers.Keys.Union(KafkaLoggers.Names, StringComparer.OrdinalIgnoreCase)];
        }
    }

    /// <summary>Sets the level of a logger, or of all that have none of their own.</summary>
    /// <returns>False where the text is no level.</returns>
    public bool TrySet(string name, string text)
    {
        if (Parse(text) is not { } level)
            return false;
        lock (_lock)
        {
            if (name == ILoggerLevels.Root)
                Root = level;
            else
                foreach (var meant in Meant(name))
                    _loggers[meant] = level;
        }
        return true;
    }

    /// <summary>Takes a logger's own level away.</summary>
    public void Unset(string name)
    {
        lock (_lock)
        {
            foreach (var meant in Meant(name))
                _loggers.Remove(meant);
        }
    }

    /// <summary>log4j's name of a level.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRACE",
        LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        LogLevel.Error => "ERROR",
        LogLevel.Critical => "FATAL",
        _ => "OFF",
    };

    /// <summary>Takes the levels of a log4j 1 properties file.</summary>
    public void ReadProperties(IReadOnlyDictionary<string, string> properties)
    {
        foreach (var (key, value) in properties)
        {
            var level = value.Split(',')[0].Trim();
            if (key is "log4j.rootLogger" or "rootLogger.level" or "rootLogger")
                Root = Parse(level) ?? Root;
            else if (key.StartsWith("log4j.logger.", StringComparison.Ordinal))
                Set(key["log4j.logger.".Length..], level);
        }
    }

    /// <summary>Takes the levels of a log4j 2 YAML file: <c>Root: level:</c>, and <c>name:</c> with <c>level:</c> below <c>Logger:</c>.</summary>
    public void ReadYaml(IEnumerable<string> lines)
    {
        string? section = null;
        string? logger = null;
        foreach (var line in lines)
        {
            var text = line.TrimStart(' ', '-').Split(" #")[0].TrimEnd();
            if (text is "Root:" or "Logger:" or "Appenders:" or "Properties:" or "Loggers:")
                (section, logger) = (text, null);
            else if (section == "Logger:" && text.StartsWith("name:", StringComparison.Ordinal))
                logger = text["name:".Length..].Trim(' ', '"', '\'');
            else if (text.StartsWith("level:", StringComparison.Ordinal))
            {
                var level = text["level:".Length..].Trim(' ', '"', '\'');
                if (section == "Root:")
                    Root = Parse(level) ?? Root;
                else if (section == "Logger:" && logger is not null)
                    Set(logger, level);
            }
        }
    }

    private static LogLevel? Parse(string level) => level.ToUpperInvariant() switch
    {
        "ALL" or "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" => LogLevel.Critical,
        "OFF" => LogLevel.None,
        _ => null,
    };

    private void Set(string name, string text) => TrySet(name, text);

    private static IEnumerable<string> Meant(string name) => KafkaLoggers.Find(name) is { } here ? [name, here] : [name];
}
