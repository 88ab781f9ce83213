using System.Runtime.InteropServices;

namespace Barnabas.Cli.Server;

/// <summary>Signals, which .NET itself cannot send.</summary>
internal static partial class NativeProcess
{
    private const int SigTerm = 15;

    /// <summary>Asks a process to stop.</summary>
    /// <returns>False where there is no such process or it belongs to someone else.</returns>
    public static bool Terminate(int processId) => Kill(processId, SigTerm) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
