namespace Barnabas.Protocol.Tests;

/// <summary>Every message class that the schemas made.</summary>
internal static class Schemas
{
    public static IReadOnlyList<Type> All { get; } =
    [
        .. typeof(IMessage).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsNested: false } && typeof(IMessage).IsAssignableFrom(type))
            .OrderBy(type => type.Name, StringComparer.Ordinal),
    ];

    public static IMessage New(string name) =>
        (IMessage)Activator.CreateInstance(All.Single(type => type.Name == name))!;

    public static IMessage New(Type type) => (IMessage)Activator.CreateInstance(type)!;

    public static byte[] Write(IMessage message, short version)
    {
        using var writer = new MessageWriter();
        message.Write(writer, version);
        return writer.ToArray();
    }
}
