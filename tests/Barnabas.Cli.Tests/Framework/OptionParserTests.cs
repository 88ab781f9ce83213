using Barnabas.Cli.Framework.Options;

namespace Barnabas.Cli.Tests.Framework;

public sealed class OptionParserTests
{
    private readonly OptionParser _parser = new("Test.");
    private readonly OptionSpec _topic;
    private readonly OptionSpec _list;
    private readonly OptionSpec _state;

    public OptionParserTests()
    {
        _topic = _parser.Value("topic", "String: topic", "A topic.");
        _list = _parser.Flag("list", "List.");
        _state = _parser.OptionalValue("state", "String", "A state.");
    }

    [Fact]
    public void A_value_follows_or_stands_behind_an_equals_sign()
    {
        Assert.Equal("a", _parser.Parse(["--topic", "a"]).ValueOf(_topic));
        Assert.Equal("a=b", _parser.Parse(["--topic=a=b"]).ValueOf(_topic));
        Assert.Equal("a", _parser.Parse(["-topic", "a"]).ValueOf(_topic));
    }

    [Fact]
    public void A_required_value_may_look_like_an_option() =>
        Assert.Equal("--list", _parser.Parse(["--topic", "--list"]).ValueOf(_topic));

    [Fact]
    public void An_optional_value_may_be_left_out()
    {
        var options = _parser.Parse(["--state", "--list"]);
        Assert.True(options.Has(_state) && options.Has(_list));
        Assert.False(options.HasArgument(_state));
        Assert.Equal("empty", _parser.Parse(["--state", "empty"]).ValueOf(_state));
    }

    [Fact]
    public void Repeated_options_add_up_and_one_value_of_several_is_refused()
    {
        var options = _parser.Parse(["--topic", "a", "word", "--topic", "b"]);
        Assert.Equal(["a", "b"], options.ValuesOf(_topic));
        Assert.Equal(["word"], options.Words);
        Assert.Equal("Found multiple arguments for option topic, but you asked for only one", Assert.Throws<OptionException>(() => options.ValueOf(_topic)).Message);
    }

    [Theory]
    [InlineData("--no-such", "no-such is not a recognized option")]
    [InlineData("--top", "top is not a recognized option")]
    [InlineData("--topic", "Option topic requires an argument")]
    public void What_does_not_parse_is_refused_with_the_text_of_joptsimple(string argument, string text) =>
        Assert.Equal(text, Assert.Throws<OptionException>(() => _parser.Parse([argument])).Message);

    [Fact]
    public void Two_dashes_end_the_options() => Assert.Equal(["--list"], _parser.Parse(["--", "--list"]).Words);

    [Fact]
    public void Options_that_do_not_go_together_are_refused_with_Kafkas_text()
    {
        var options = _parser.Parse(["--list", "--topic", "a"]);
        Assert.Equal("Option \"[topic]\" can't be used with option \"[list]\"", Assert.Throws<OptionException>(() => options.Forbid(_topic, _list)).Message);
        Assert.Equal("Missing required argument \"[state]\"", Assert.Throws<OptionException>(() => options.Require(_state)).Message);
    }
}
