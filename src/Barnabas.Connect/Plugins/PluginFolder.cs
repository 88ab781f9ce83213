using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Barnabas.Connect.Converters;
using Barnabas.Connect.Predicates;
using Barnabas.Connect.Sdk;
using Barnabas.Connect.Transforms;
using Microsoft.Extensions.Logging;

namespace Barnabas.Connect.Plugins;

/// <summary>
/// Reads a folder of <c>plugin.path</c>: each assembly in it, or in a folder below it, that was built with the SDK is a
/// plug-in, loaded apart from the others.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
[UnconditionalSuppressMessage("Trimming", "IL2077", Justification = "Plug-ins are not part of a trimmed program; they are loaded whole.")]
internal static class PluginFolder
{
    private const string Sdk = "Barnabas.Connect";

    /// <summary>What the assemblies of a folder have; one that cannot be loaded is logged and left out.</summary>
    public static PluginSet Load(string folder, ILogger logger)
    {
        var found = new PluginSet();
        foreach (var file in Directory.EnumerateFiles(folder, "*.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!UsesSdk(file)) continue;
            try
            {
                var before = found.Count;
                var assembly = new PluginContext(file).LoadFromAssemblyPath(file);
                foreach (var type in assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsGenericTypeDefinition: false } && type.GetConstructor([]) is not null))
                    Add(found, type, file);
                NodeLog.PluginsLoaded(logger, found.Count - before, file);
            }
            catch (Exception error) when (error is IOException or BadImageFormatException or ReflectionTypeLoadException or TypeLoadException or MissingMethodException or TargetInvocationException)
            {
                NodeLog.PluginNotLoaded(logger, file, (error.InnerException ?? error).Message);
            }
        }

        return found;
    }

    private static void Add(PluginSet found, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] Type type, string file)
    {
        object Create() => Activator.CreateInstance(type)!;
        var name = type.FullName!;
        if (typeof(Connector).IsAssignableFrom(type))
        {
            var sample = (Connector)Create();
            if (sample is SourceConnector or SinkConnector)
                found.Connectors.Add(new ConnectorPlugin(name, sample.Version, sample is SourceConnector, () => (Connector)Create(), []) { Location = file });
        }

        if (typeof(IConverter).IsAssignableFrom(type)) found.Converters[name] = () => (IConverter)Create();
        if (typeof(IHeaderConverter).IsAssignableFrom(type)) found.HeaderConverters[name] = () => (IHeaderConverter)Create();
        if (typeof(ITransformation).IsAssignableFrom(type)) found.Transformations[name] = () => (ITransformation)Create();
        if (typeof(IPredicate).IsAssignableFrom(type)) found.Predicates[name] = () => (IPredicate)Create();
    }

    // Read from the file, without loading it: libraries that plug-ins bring are none themselves.
    private static bool UsesSdk(string file)
    {
        if (Path.GetFileNameWithoutExtension(file).StartsWith("Barnabas.", StringComparison.Ordinal)) return false;
        try
        {
            using var reader = new PEReader(System.IO.File.OpenRead(file));
            if (!reader.HasMetadata) return false;
            var metadata = reader.GetMetadataReader();
            return metadata.AssemblyReferences.Any(handle => metadata.StringComparer.Equals(metadata.GetAssemblyReference(handle).Name, Sdk));
        }
        catch (BadImageFormatException)
        {
            // A library of machine code.
            return false;
        }
    }
}
