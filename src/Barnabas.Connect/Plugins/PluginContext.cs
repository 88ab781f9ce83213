using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;

namespace Barnabas.Connect.Plugins;

/// <summary>
/// Where the assemblies of one plug-in live: its own libraries, in the versions it came with, are seen by it alone.
/// What it shares with the worker (this SDK, its types and the framework) is the worker's.
/// </summary>
internal sealed class PluginContext(string assembly) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(assembly))
{
    private readonly AssemblyDependencyResolver _resolver = new(assembly);
    private readonly string _folder = Path.GetDirectoryName(assembly)!;

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (IsShared(assemblyName.Name!)) return null;
        var path = _resolver.ResolveAssemblyToPath(assemblyName) ?? Path.Combine(_folder, assemblyName.Name + ".dll");
        return System.IO.File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;

    private static bool IsShared(string name) =>
        name is "Barnabas.Connect" or "Barnabas.Configuration" or "Barnabas.Protocol" or "Barnabas.Client" or "Barnabas.Transport" or "Microsoft.Extensions.Logging.Abstractions";
}
