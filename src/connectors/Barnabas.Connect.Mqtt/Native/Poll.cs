using System.Runtime.InteropServices;

namespace Barnabas.Connect.Mqtt.Native;

/// <summary>Waits for a socket of the library.</summary>
internal static partial class Poll
{
    private const short Input = 1;
    private const short Output = 4;

    /// <summary>Returns when the socket can be read, or written where that is wanted, or at the end of the time.</summary>
    public static void Wait(int socket, bool forWriting, int milliseconds)
    {
        var entry = new Entry { Socket = socket, Events = forWriting ? (short)(Input | Output) : Input };
        _ = PollSockets(ref entry, 1, milliseconds);
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PollSockets(ref Entry entries, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Socket;
        public short Events;
        public short Found;
    }
}
