using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol.Features;

/// <summary>A level of the feature <c>metadata.version</c>, with the name that tools and older configurations give it.</summary>
public sealed partial class MetadataVersion : IComparable<MetadataVersion>
{
    /// <summary>The feature's name.</summary>
    public const string FeatureName = "metadata.version";

    private MetadataVersion(short level, string name, bool changesRecords)
    {
        Level = level;
        Name = name;
        ChangesRecords = changesRecords;
    }

    /// <summary>The number in the FeatureLevelRecord.</summary>
    public short Level { get; }

    /// <summary>The full name, such as <c>4.3-IV0</c>.</summary>
    public string Name { get; }

    /// <summary>Whether the format of metadata records changed with it, so that going below it loses data.</summary>
    public bool ChangesRecords { get; }

    /// <summary>The release without its revision, such as <c>4.3</c>.</summary>
    public string ShortName => Name[..Name.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>The version of the level, when there is one.</summary>
    public static bool TryFromLevel(short level, [NotNullWhen(true)] out MetadataVersion? version)
    {
        version = All.FirstOrDefault(candidate => candidate.Level == level);
        return version is not null;
    }

    /// <summary>The version named: in full (<c>4.3-IV0</c>), or by release (<c>4.3</c>, <c>4.3.1</c>), which means the release's last.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out MetadataVersion? version)
    {
        version = All.FirstOrDefault(candidate => candidate.Name == text);
        if (version is not null)
            return true;
        var numbers = text.Split('.');
        if (numbers.Length is 2 or 3 && numbers.All(number => short.TryParse(number, out _)))
            version = All.LastOrDefault(candidate => candidate.ShortName == $"{numbers[0]}.{numbers[1]}");
        return version is not null;
    }

    /// <summary>Whether this is the other or later.</summary>
    public bool IsAtLeast(MetadataVersion other) => Level >= other.Level;

    /// <inheritdoc/>
    public int CompareTo(MetadataVersion? other) => other is null ? 1 : Level.CompareTo(other.Level);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
