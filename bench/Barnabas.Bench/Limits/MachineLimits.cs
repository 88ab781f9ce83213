using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Barnabas.Bench.Load;
using Barnabas.Protocol.Records;
using Microsoft.Win32.SafeHandles;

namespace Barnabas.Bench.Limits;

/// <summary>The machine's limits as measured at the start of a run.</summary>
internal sealed record MachineLimits(IReadOnlyDictionary<PhysicalLimit, double> Values)
{
    private const int Chunk = 1 << 20;
    private const int FileChunks = 512;
    private static readonly TimeSpan Stretch = TimeSpan.FromSeconds(1);

    public double this[PhysicalLimit limit] => Values[limit];

    public static string UnitOf(PhysicalLimit limit) => limit switch
    {
        PhysicalLimit.PingPong => "ms",
        PhysicalLimit.Fsync => "records/s",
        _ => "MB/s",
    };

    public static async Task<MachineLimits> MeasureAsync(string workFolder) => new(new Dictionary<PhysicalLimit, double>
    {
        [PhysicalLimit.LoopbackTcp] = await LoopbackAsync(),
        [PhysicalLimit.Crc32C] = Crc(),
        [PhysicalLimit.PageCacheWrite] = PageCacheWrite(workFolder),
        [PhysicalLimit.DiskRead] = DiskRead(workFolder),
        [PhysicalLimit.Fsync] = Fsync(workFolder),
        [PhysicalLimit.PingPong] = PingPong(),
    });

    public override string ToString() => string.Join(
        ", ", Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v.Key} {(v.Value < 10 ? Math.Round(v.Value, 3) : Math.Round(v.Value))} {UnitOf(v.Key)}")));

    private static async Task<double> LoopbackAsync()
    {
        var (client, server) = Pair();
        using (client)
        using (server)
        {
            var received = 0L;
            var receiving = Task.Factory.StartNew(
                () =>
                {
                    var buffer = new byte[Chunk];
                    int count;
                    while ((count = server.Receive(buffer)) > 0)
                        received += count;
                },
                TaskCreationOptions.LongRunning);
            var bytes = new byte[Chunk];
            var begin = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begin) < Stretch)
                client.Send(bytes);
            client.Shutdown(SocketShutdown.Send);
            await receiving;
            return received / 1e6 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
    }

    private static double PingPong()
    {
        var (client, server) = Pair();
        using (client)
        using (server)
        {
            var answering = new Thread(() =>
            {
                var buffer = new byte[64];
                while (server.Receive(buffer) > 0)
                    server.Send(buffer);
            });
            answering.Start();
            var bytes = new byte[64];
            var times = new double[5000];
            for (var i = 0; i < times.Length; i++)
            {
                var begin = Stopwatch.GetTimestamp();
                client.Send(bytes);
                client.Receive(bytes);
                times[i] = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
            }
            client.Shutdown(SocketShutdown.Send);
            answering.Join();
            Array.Sort(times);
            return times[times.Length / 2];
        }
    }

    private static double Crc()
    {
        var bytes = new byte[Chunk];
        new Random(1).NextBytes(bytes);
        var sum = 0u;
        var rounds = 0L;
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < Stretch)
        {
            sum ^= Crc32C.Compute(bytes);
            rounds++;
        }
        GC.KeepAlive(sum);
        return rounds * Chunk / 1e6 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    // The best of some: the kernel may write out older files while it measures.
    private static double PageCacheWrite(string folder)
    {
        const int Passes = 5;
        FreeMemory.Touch(FreeMemory.OfARow);
        return Enumerable.Range(0, Passes).Max(_ => OnePageCacheWrite(folder));
    }

    private static double OnePageCacheWrite(string folder)
    {
        using var file = Temporary(folder);
        return MegabytesPerSecond((bytes, position) => RandomAccess.Write(file, bytes, position));
    }

    private static double DiskRead(string folder)
    {
        using var file = Temporary(folder);
        // Not zeros, which a disk of a virtual machine may know without reading them.
        MegabytesPerSecond((bytes, position) => RandomAccess.Write(file, bytes, position));
        PageCache.Evict(file);
        return MegabytesPerSecond((bytes, position) =>
        {
            if (RandomAccess.Read(file, bytes, position) != bytes.Length)
                throw new BenchException("a file is shorter than what was written to it");
        });
    }

    // Over the file, a chunk after the other.
    private static double MegabytesPerSecond(Action<byte[], long> work)
    {
        var bytes = new byte[Chunk];
        new Random(1).NextBytes(bytes);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < FileChunks; i++)
            work(bytes, (long)i * Chunk);
        return (double)FileChunks * Chunk / 1e6 / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static double Fsync(string folder)
    {
        const int Bytes = 4096;
        using var file = Temporary(folder);
        RandomAccess.SetLength(file, 1000 * Bytes);
        RandomAccess.FlushToDisk(file);
        var bytes = new byte[Bytes];
        var times = new double[1000];
        for (var i = 0; i < times.Length; i++)
        {
            var begin = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, bytes, (long)i * Bytes);
            RandomAccess.FlushToDisk(file);
            times[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        Array.Sort(times);
        return 1 / times[times.Length / 2];
    }

    private static SafeFileHandle Temporary(string folder) => File.OpenHandle(
        Path.Combine(folder, "barnabas-bench." + Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);

    private static (Socket Client, Socket Server) Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        var server = listener.Accept();
        server.NoDelay = true;
        return (client, server);
    }
}
