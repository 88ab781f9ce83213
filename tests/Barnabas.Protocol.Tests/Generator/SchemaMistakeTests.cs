using Barnabas.Protocol.Generator;

namespace Barnabas.Protocol.Tests.Generator;

public class SchemaMistakeTests
{
    [Theory]
    [InlineData("reqest A  apiKey 1  versions 0", 0, "opens no message")]
    [InlineData("request A  versions 0  flexible 0+", 0, "needs its number")]
    [InlineData("data A  versions 0+", 0, "needs a highest version")]
    [InlineData("data A  versions 0\n  Name string  0+", 1, "starts with 'Name: type'")]
    [InlineData("data A  versions 0\n  Name: string", 1, "is in no version")]
    [InlineData("data A  versions 0\n  Name: string  0+  wrong", 1, "no word of a field's line")]
    [InlineData("data A  versions 0\n  Name: Missing  0+", 1, "no struct Missing")]
    [InlineData("data A  versions 0\n  Name: string  0+\n    Inner: int8  0+", 2, "only a struct has fields")]
    [InlineData("data A  versions 0\n  Name: string  0+\n  Name: int8  0+", 2, "stands twice")]
    [InlineData("data A  versions 0\n  Name: string  0+  = null", 1, "never nullable")]
    [InlineData("data A  versions 0\n  Name: string  0+  tag 0 0+", 1, "not flexible")]
    [InlineData("data A  versions 0  flexible 0+\n  Name: string  0+  tag 1 0+", 0, "without gaps")]
    [InlineData("metadata A  type 1  versions 0", 0, "'catalog' line")]
    [InlineData("   Name: string  0+", 0, "two blanks a level")]
    public void A_mistake_is_reported_with_its_line(string schema, int line, string message)
    {
        var file = GeneratedFile.From("/x/schemas/a.txt", schema);
        Assert.Contains(file.Problems, problem => problem.Line == line && problem.Message.Contains(message, StringComparison.Ordinal));
        Assert.Empty(file.Sources);
    }

    [Fact]
    public void The_same_text_gives_an_equal_result()
    {
        const string Schema = "data A  versions 0\n  Name: string  0+\n";
        Assert.Equal(GeneratedFile.From("/x/schemas/a.txt", Schema), GeneratedFile.From("/x/schemas/a.txt", Schema));
        Assert.NotEqual(GeneratedFile.From("/x/schemas/a.txt", Schema), GeneratedFile.From("/x/schemas/a.txt", Schema.Replace("Name", "Title", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_mistaken_table_is_reported()
    {
        Assert.Single(GeneratedFile.From("/x/schemas/errors.txt", "0 NONE").Problems);
        Assert.Single(GeneratedFile.From("/x/schemas/features.txt", "level one").Problems);
    }
}
