using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/micro -- --filter '*Crc*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
