using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Barnabas.Fms.Machinery;

/// <summary>A node, with a Connect worker in it where asked for, in a process of its own: it can be killed and started again.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);
    private const int MostLines = 20;

    private readonly FmsWorld _world;
    private readonly string _folder;
    private readonly Queue<string> _lastLines = [];
    private Process? _process;
    private LastWill? _will;

    public NodeProcess(FmsWorld world, string folder, int port, int? connectPort)
    {
        (_world, _folder, Port, ConnectPort) = (world, folder, port, connectPort);
        Connect = connectPort is { } rest ? new ConnectApi(new Uri($"http://localhost:{rest.ToString(CultureInfo.InvariantCulture)}/"), world.Time) : null;
    }

    public int Port { get; }

    public int? ConnectPort { get; }

    public string BootstrapServer => $"localhost:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Its worker's REST API.</summary>
    public ConnectApi? Connect { get; }

    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Starts the node and waits until it, and its worker, answer.</summary>
    /// <exception cref="FmsException">It ends or does not answer in time.</exception>
    public async Task StartAsync(CancellationToken stop)
    {
        // In a session of its own: Ctrl+C is for us, who then stop it in order.
        var setsid = OperatingSystem.IsWindows() ? null : Commands.Find("setsid");
        var start = new ProcessStartInfo(setsid ?? _world.Launcher) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        if (setsid is not null)
            start.ArgumentList.Add(_world.Launcher);
        foreach (var argument in Arguments())
            start.ArgumentList.Add(argument);
        start.Environment["LOG_DIR"] = Path.Combine(_folder, "logs");
        var process = Commands.Start(start);
        _process = process;
        _will = new LastWill("kill", "-9", process.Id.ToString(CultureInfo.InvariantCulture));
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await Waiting.UntilAsync("the node answers", StartPatience, _world.Time, () => AnswersAsync(process, stop), stop);
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        _will?.Dispose();
        _will = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false } process && _world.Terminate(process.Id))
        {
            using var limit = new CancellationTokenSource(StopPatience, _world.Time);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await KillAsync();
        _process?.Dispose();
        Connect?.Dispose();
    }

    private IEnumerable<string> Arguments()
    {
        string[] node = ["start", "--port", Port.ToString(CultureInfo.InvariantCulture), "--data", Path.Combine(_folder, "data")];
        return ConnectPort is { } rest ? [.. node, "--connect", "--connect-listener", $"http://localhost:{rest.ToString(CultureInfo.InvariantCulture)}"] : node;
    }

    private async Task<bool> AnswersAsync(Process process, CancellationToken stop)
    {
        if (process.HasExited)
            throw new FmsException($"the node ended with {process.ExitCode}: {LastLine()}");
        if (Connect is not null)
            return await Connect.IsReadyAsync(stop);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync("localhost", Port, stop);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > MostLines)
                _lastLines.Dequeue();
        }
    }

    private string LastLine()
    {
        lock (_lastLines)
            return _lastLines.Count == 0 ? "it said nothing" : _lastLines.Last();
    }
}
