using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Barnabas.Tests.Support;

/// <summary>
/// Ports for processes that tests start. They lie below those that outgoing connections get, and above those that Apache Kafka's suites take, so
/// that none is taken between the choice and its use; nor is it by another test, since each process of tests has a range of its own.
/// </summary>
internal static class FreePorts
{
    private const int First = 28_000;
    private const int RangeSize = 200;
    private const int Ranges = 20;
    private const int Remembered = RangeSize / 4;
    private static readonly Lock s_gate = new();
    private static readonly Queue<int> s_recent = new();
    private static FileStream? s_claim;
    private static int s_first;

    /// <summary>A port that was free just now, and the one after it was too: Apache Kafka's controller takes that.</summary>
    public static int Next()
    {
        lock (s_gate)
        {
            s_claim ??= ClaimRange();
            while (true)
            {
                var port = s_first + (2 * Random.Shared.Next(RangeSize / 2));
                if (s_recent.Contains(port) || !IsFree(port) || !IsFree(port + 1)) continue;
                s_recent.Enqueue(port);
                if (s_recent.Count > Remembered) s_recent.Dequeue();
                return port;
            }
        }
    }

    // The lock on the file goes with the process.
    private static FileStream ClaimRange()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "barnabas-test-ports")).FullName;
        for (var range = 0; range < Ranges; range++)
        {
            s_first = First + (range * RangeSize);
            try
            {
                return new FileStream(Path.Combine(folder, s_first.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another process has it.
            }
        }

        throw new InvalidOperationException($"{Ranges} processes of tests have taken all ports.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
