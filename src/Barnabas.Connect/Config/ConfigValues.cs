namespace Barnabas.Connect.Config;

/// <summary>Parsed values of a <see cref="ConfigDef"/>, by name. A key that was not defined is a mistake of the program.</summary>
public sealed class ConfigValues
{
    private readonly IReadOnlyDictionary<string, object?> _values;

    internal ConfigValues(IReadOnlyDictionary<string, object?> values, IReadOnlyDictionary<string, string> originals)
    {
        _values = values;
        Originals = originals;
    }

    /// <summary>Everything that was given, as text, unknown keys too.</summary>
    public IReadOnlyDictionary<string, string> Originals { get; }

    /// <summary>Whether the key was given.</summary>
    public bool IsGiven(string name) => Originals.ContainsKey(name);

    /// <summary>Text that has a default or was required.</summary>
    public string GetString(string name) => (string)_values[name]!;

    /// <summary>Text that may be null.</summary>
    public string? FindString(string name) => (string?)_values[name];

    /// <summary>True or false.</summary>
    public bool GetBoolean(string name) => (bool)_values[name]!;

    /// <summary>A 32-bit number.</summary>
    public int GetInt(string name) => (int)_values[name]!;

    /// <summary>A 16-bit number.</summary>
    public short GetShort(string name) => (short)_values[name]!;

    /// <summary>A 64-bit number.</summary>
    public long GetLong(string name) => (long)_values[name]!;

    /// <summary>Elements of a list; empty for null.</summary>
    public IReadOnlyList<string> GetList(string name) => (IReadOnlyList<string>?)_values[name] ?? [];

    /// <summary>A number of milliseconds as a span of time.</summary>
    public TimeSpan GetMilliseconds(string name) => TimeSpan.FromMilliseconds(Convert.ToDouble(_values[name], System.Globalization.CultureInfo.InvariantCulture));
}
