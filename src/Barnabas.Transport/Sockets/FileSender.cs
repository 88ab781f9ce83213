using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Barnabas.Transport.Sockets;

/// <summary>Sends from a file to a socket within the kernel (sendfile).</summary>
internal static partial class FileSender
{
    private const int Interrupted = 4;
    private const int TryAgain = 11;
    private const int InvalidArgument = 22;
    private const int NotImplemented = 38;

    /// <summary>Whether the system has it.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <summary>Sends what the socket takes at once.</summary>
    /// <returns>How many bytes; 0 where the socket is full, or these files cannot be sent so.</returns>
    /// <exception cref="TransportException">The connection is broken, or the file has become shorter.</exception>
    public static int Send(SafeSocketHandle socket, SafeHandle file, long position, int length)
    {
        while (true)
        {
            var sent = SendFile(socket, file, ref position, length);
            if (sent > 0)
                return (int)sent;
            if (sent == 0)
                throw new TransportException($"The file ended {length} bytes before what was to be sent of it");
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case TryAgain or InvalidArgument or NotImplemented:
                    return 0;
                default:
                    throw new TransportException($"Sending a file failed: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(SafeHandle socket, SafeHandle file, ref long position, nint count);
}
