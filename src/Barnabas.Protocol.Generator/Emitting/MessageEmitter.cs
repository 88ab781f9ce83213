using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>Writes out one message as a class of its own file.</summary>
internal static class MessageEmitter
{
    public static string Emit(MessageSchema message)
    {
        var code = CodeWriter.ForFile();
        code.Line("namespace Barnabas.Protocol.Messages;");
        code.Line();
        code.Line("/// <summary>Kafka's " + message.Name + ", versions " + message.Versions
            + (message.Flexible.IsEmpty ? "" : ", flexible from " + message.Flexible.Lowest) + ".</summary>");
        code.Open("public sealed partial class " + message.Name + " : " + Interface(message));
        EmitIdentity(code, message);
        var members = new StructEmitter(code, message);
        members.EmitProperties(message.Root);
        EmitBody(code, message);
        EmitReset(code, message);
        foreach (var item in message.Structs)
            members.EmitNested(item);
        code.Close();
        return code.ToString();
    }

    private static string Interface(MessageSchema message) => message.Kind switch
    {
        MessageKind.Request => "IRequest<" + message.Name.Substring(0, message.Name.Length - "Request".Length) + "Response>",
        MessageKind.Response => HasThrottleTime(message) ? "IThrottledResponse" : "IResponse",
        MessageKind.Metadata => "IMetadataRecord",
        MessageKind.CoordinatorKey => "ICoordinatorKey",
        MessageKind.CoordinatorValue => "ICoordinatorValue",
        _ => "IMessage",
    };

    private static bool HasThrottleTime(MessageSchema message)
    {
        foreach (var field in message.Root.Fields)
        {
            if (field.Name == "ThrottleTimeMs")
                return true;
        }
        return false;
    }

    private static void EmitIdentity(CodeWriter code, MessageSchema message)
    {
        if (message.Kind is MessageKind.Request or MessageKind.Response)
        {
            code.Line("/// <inheritdoc/>");
            code.Line("public ApiKey ApiKey => (ApiKey)" + message.Number + ";");
            code.Line();
        }
        else if (message.Number >= 0)
        {
            code.Line("/// <summary>The number that stands for this record in its log.</summary>");
            code.Line("public const short Type = " + message.Number + ";");
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line("public short RecordType => Type;");
            code.Line();
        }
        code.Line("/// <inheritdoc/>");
        code.Line("public short LowestVersion => " + message.Versions.Lowest + ";");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public short HighestVersion => " + message.Versions.Highest + ";");
        code.Line();
    }

    private static void EmitBody(CodeWriter code, MessageSchema message)
    {
        var scope = new StructScope(message, message.Root);
        code.Line("/// <inheritdoc/>");
        code.Open("public void Read(ref MessageReader reader, short version)");
        EmitVersionCheck(code, message, "read");
        code.Line("Reset();");
        new ReadEmitter(code, scope).EmitFields();
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public void Write(MessageWriter writer, short version)");
        EmitVersionCheck(code, message, "write");
        new WriteEmitter(code, scope).EmitFields();
        code.Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public void WriteJson(Utf8JsonWriter json, short version)");
        EmitVersionCheck(code, message, "write");
        code.Line("json.WriteStartObject();");
        new JsonEmitter(code, scope).EmitFields();
        code.Line("json.WriteEndObject();");
        code.Close();
        code.Line();
    }

    private static void EmitVersionCheck(CodeWriter code, MessageSchema message, string verb)
    {
        code.Line("if (version is < " + message.Versions.Lowest + " or > " + message.Versions.Highest + ")");
        code.Line("    throw UnsupportedVersionException.ForMessage(\"" + verb + "\", version, \"" + message.Name + "\");");
    }

    private static void EmitReset(CodeWriter code, MessageSchema message)
    {
        code.Line("/// <summary>Gives every field its default, so that the instance can be used again.</summary>");
        code.Open("public void Reset()");
        foreach (var field in message.Root.Fields)
            code.Line(FieldText.Stored(field) + " = " + FieldText.Default(field) + ";");
        code.Line("UnknownTaggedFields = null;");
        code.Close();
    }
}
