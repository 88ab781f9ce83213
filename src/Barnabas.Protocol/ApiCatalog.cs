using System.Diagnostics.CodeAnalysis;

namespace Barnabas.Protocol;

/// <summary>Every API of the schemas, by its key.</summary>
public static partial class ApiCatalog
{
    private static readonly ApiDescriptor[] Descriptors = Describe();
    private static readonly ApiDescriptor?[] ByKey = Index(Descriptors);

    /// <summary>All APIs that have a version, in the order of their keys.</summary>
    public static IReadOnlyList<ApiDescriptor> All => Descriptors;

    /// <summary>The API of the key.</summary>
    /// <exception cref="UnsupportedVersionException">The schemas have no such API.</exception>
    public static ApiDescriptor Get(ApiKey key) => TryGet(key, out var found) ? found : throw UnsupportedVersionException.ForApi(key);

    /// <summary>The API of the key, when the schemas have it.</summary>
    public static bool TryGet(ApiKey key, [NotNullWhen(true)] out ApiDescriptor? descriptor)
    {
        descriptor = (ushort)key < ByKey.Length ? ByKey[(ushort)key] : null;
        return descriptor is not null;
    }

    private static ApiDescriptor?[] Index(ApiDescriptor[] descriptors)
    {
        var index = new ApiDescriptor?[(int)descriptors[^1].Key + 1];
        foreach (var descriptor in descriptors)
            index[(int)descriptor.Key] = descriptor;
        return index;
    }
}
