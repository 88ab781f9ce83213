using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Barnabas.Cli.Framework;

/// <summary>The krb5.conf that KAFKA_OPTS names by <c>-Djava.security.krb5.conf=FILE</c>, given to the system's Kerberos.</summary>
internal static partial class KerberosConfigFile
{
    private const string Property = "-Djava.security.krb5.conf=";
    private const string Variable = "KRB5_CONFIG";

    /// <summary>The file that the options of a JVM name, or null.</summary>
    public static string? Of(string? options) => string.IsNullOrEmpty(options) ? null : Named(options);

    /// <summary>Sets the variable that the library reads; .NET's own copy of the environment does not reach it. To be called before other threads start.</summary>
    public static void Apply(string? options)
    {
        if (Of(options) is { } path && OperatingSystem.IsLinux())
            _ = SetEnvironment(Variable, path, 1);
    }

    // Of its own: a start loads LINQ for nothing else so early.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string? Named(string options) =>
        options.Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(word => word.StartsWith(Property, StringComparison.Ordinal))?[Property.Length..].Trim('"', '\'');

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
