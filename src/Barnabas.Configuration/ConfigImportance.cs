namespace Barnabas.Configuration;

/// <summary>How likely a person is to have to set a key.</summary>
public enum ConfigImportance
{
    /// <summary>Most people look at it.</summary>
    High,

    /// <summary>Some look at it.</summary>
    Medium,

    /// <summary>Few look at it.</summary>
    Low,
}
