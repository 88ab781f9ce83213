using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Barnabas.Interop.Tests;

/// <summary>A node started by the commands of a distribution, on a folder and ports of its own. Killed when disposed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private ServerProcess(Process process, DataFolder folder)
    {
        this.process = process;
        Folder = folder;
    }

    public DataFolder Folder { get; }

    public string Bootstrap => $"localhost:{Folder.Port}";

    /// <summary>Starts <paramref name="distribution"/> on <paramref name="folder"/>, formatting it when it is new, and waits for its first reply.</summary>
    public static async Task<ServerProcess> StartAsync(Distribution distribution, DataFolder folder, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (!folder.IsFormatted)
        {
            var id = (await distribution.RunAsync("kafka-storage", "random-uuid")).EnsureSuccess().Output.Trim();
            (await distribution.RunAsync("kafka-storage", "format", "--standalone", "-t", id, "-c", folder.Properties)).EnsureSuccess();
        }
        var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])["sh", "-c", "exec \"$0\" \"$1\" >>\"$2\" 2>&1", distribution.Tool("kafka-server-start"), folder.Properties, folder.Log])
            start.ArgumentList.Add(argument);
        start.Environment["LOG_DIR"] = folder.Path;
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;
        var server = new ServerProcess(Process.Start(start)!, folder);
        try
        {
            await server.WaitForFirstReplyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>kill -9 of the node and its launcher.</summary>
    public async Task KillAsync()
    {
        if (process.HasExited)
            return;
        await SignalAsync("KILL");
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, and waits until the node is gone.</summary>
    public async Task<TimeSpan> StopAsync()
    {
        var begin = Stopwatch.GetTimestamp();
        await SignalAsync("TERM");
        using var limit = new CancellationTokenSource(StartPatience);
        await process.WaitForExitAsync(limit.Token);
        return Stopwatch.GetElapsedTime(begin);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", "--", $"-{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task WaitForFirstReplyAsync()
    {
        var begin = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            Assert.False(process.HasExited, $"the node ended with {(process.HasExited ? process.ExitCode : 0)}:\n{Folder.LogTail()}");
            Assert.True(Stopwatch.GetElapsedTime(begin) < StartPatience, $"the node did not answer within {StartPatience.TotalSeconds} s:\n{Folder.LogTail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(25));
        }
    }

    private async Task<bool> AnswersAsync()
    {
        // ApiVersions v0, correlation id 1, no client id.
        byte[] request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, Folder.Port, limit.Token);
            await socket.SendAsync(request, limit.Token);
            var length = new byte[4];
            return await socket.ReceiveAsync(length, limit.Token) == 4 && BinaryPrimitives.ReadInt32BigEndian(length) > 0;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
