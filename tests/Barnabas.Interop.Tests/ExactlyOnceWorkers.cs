using System.Diagnostics;
using System.Text;

namespace Barnabas.Interop.Tests;

/// <summary>
/// A program that reads a topic to its end and writes it to another in transactions. It prints a line for each transaction that it
/// committed and ends with 0 when the whole topic is done; with anything else it is to be started again.
/// </summary>
internal sealed class ExactlyOnceWorkers(string file, string[] arguments)
{
    private const string Name = "worker";

    /// <summary>The worker of a client; skips the calling test where it is not installed.</summary>
    public static ExactlyOnceWorkers Of(string client)
    {
        if (client == "java")
            return new ExactlyOnceWorkers("java", ["-cp", Path.Combine(Distribution.ApacheKafka().Home, "libs", "*"), Script("ExactlyOnceWorker.java")]);
        var found = ForeignClient.Get(client);
        return client == "barnabas"
            ? new ExactlyOnceWorkers(found.Executable, ["transform"])
            : new ExactlyOnceWorkers(found.Executable, [Script("exactly_once_worker.py")]);
    }

    public Worker Start(string bootstrap, string source, string target)
    {
        var start = new ProcessStartInfo(file) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[.. arguments, bootstrap, source, target, Name])
            start.ArgumentList.Add(argument);
        return new Worker(Process.Start(start)!);
    }

    private static string Script(string name) => Path.Combine(Distribution.Barnabas.Home, "tests", "Barnabas.Interop.Tests", name);

    /// <summary>One run of the program.</summary>
    internal sealed class Worker : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
        private readonly Process _process;
        private readonly StringBuilder _errors = new();

        public Worker(Process process)
        {
            _process = process;
            _process.StandardInput.Close();
            _process.ErrorDataReceived += (_, line) =>
            {
                lock (_errors)
                    _errors.AppendLine(line.Data);
            };
            _process.BeginErrorReadLine();
        }

        public bool IsKilled { get; private set; }

        /// <summary>Waits for so many transactions; false when the worker ended before.</summary>
        public async Task<bool> WaitForTransactionsAsync(int transactions)
        {
            for (var i = 0; i < transactions; i++)
            {
                if (await WithPatienceAsync(token => _process.StandardOutput.ReadLineAsync(token).AsTask()) is null)
                    return false;
            }

            return true;
        }

        public void Kill()
        {
            _process.Kill(entireProcessTree: true);
            IsKilled = true;
        }

        /// <summary>Waits for the worker's end; whether the topic is done.</summary>
        public async Task<bool> WaitForEndAsync()
        {
            await WithPatienceAsync(async token =>
            {
                while (await _process.StandardOutput.ReadLineAsync(token) is not null)
                {
                }

                await _process.WaitForExitAsync(token);
                return true;
            });
            return _process.ExitCode == 0;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }

        /// <summary>A transaction that nobody ends would keep the worker waiting for ever.</summary>
        private async Task<T> WithPatienceAsync<T>(Func<CancellationToken, Task<T>> wait)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                return await wait(limit.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"the worker did nothing for {Patience.TotalSeconds} s; it said:\n{Errors()}");
            }
        }

        /// <summary>The end of what it wrote to its error output.</summary>
        public string Errors()
        {
            lock (_errors)
                return _errors.Length <= 2000 ? _errors.ToString() : _errors.ToString(_errors.Length - 2000, 2000);
        }
    }
}
