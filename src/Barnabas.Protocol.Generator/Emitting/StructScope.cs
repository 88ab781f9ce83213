using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Emitting;

/// <summary>What an emitter needs to know about the struct whose fields it writes out.</summary>
internal sealed class StructScope(MessageSchema message, StructSchema item)
{
    public MessageSchema Message { get; } = message;

    public StructSchema Item { get; } = item;

    public VersionRange Versions => Item.Versions;

    /// <summary>Condition for the flexible encoding: a literal, or the local <c>flexible</c>.</summary>
    public string Flexible
    {
        get
        {
            var condition = FlexibleCondition;
            return condition is "true" or "false" ? condition : "flexible";
        }
    }

    public string FlexibleCondition => VersionConditions.In(Message.Flexible, Versions);

    public string Compact(FieldSchema field) => field.NeverCompact ? "false" : field.IsTagged ? "true" : Flexible;

    public string Present(FieldSchema field) => VersionConditions.In(field.Versions, Versions);

    public string Nullable(FieldSchema field) => VersionConditions.In(field.Nullable, field.Versions.Intersect(Versions));

    /// <summary>The field's struct by its full name: a property of the same name may hide the short one.</summary>
    public string ClassOf(FieldSchema field) => Message.Name + "." + field.Struct!.ClassName;

    public void DeclareFlexible(CodeWriter code)
    {
        if (Flexible == "flexible")
            code.Line("var flexible = " + FlexibleCondition + ";");
    }
}
