using System.Runtime.InteropServices;
using Barnabas.Cli.Framework;

KerberosConfigFile.Apply(Environment.GetEnvironmentVariable("KAFKA_OPTS"));

// The first signal asks the verb to stop; the second ends the process.
using var stop = new CancellationTokenSource();
void Handle(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
return await VerbRunner.RunAsync(VerbContext.OfProcess(stop.Token), args);
