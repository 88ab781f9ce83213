namespace Barnabas.Configuration;

/// <summary>The type of a configuration value; the numbers are those of the DescribeConfigs response (KIP-569).</summary>
public enum ConfigType
{
    /// <summary>Not known: the key is in no table.</summary>
    Unknown = 0,

    /// <summary><c>true</c> or <c>false</c>, in any case.</summary>
    Boolean = 1,

    /// <summary>Text, without the white space around it.</summary>
    String = 2,

    /// <summary>32-bit integer.</summary>
    Int = 3,

    /// <summary>16-bit integer.</summary>
    Short = 4,

    /// <summary>64-bit integer.</summary>
    Long = 5,

    /// <summary>64-bit floating point number.</summary>
    Double = 6,

    /// <summary>Values separated by commas.</summary>
    List = 7,

    /// <summary>The name of a class or of what stands for it.</summary>
    Class = 8,

    /// <summary>Text that is never shown.</summary>
    Password = 9,
}
