using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Arguments;

namespace Barnabas.Cli.Tests.Framework;

public sealed class ArgumentParserTests
{
    private readonly ArgumentParser _parser = new("tool", "A tool.");
    private readonly ArgumentParser _format;
    private readonly Argument _config;
    private readonly Argument _feature;
    private readonly Argument _standalone;

    public ArgumentParserTests()
    {
        _format = _parser.Command("format", "Formats.");
        _config = _format.Value("--config/-c", "A file.", required: true);
        _feature = _format.Repeated("--feature/-f", "A feature.");
        _standalone = _format.Flag("--standalone/-s", "Alone.");
        _format.OneOf(false, _standalone, _format.Flag("--none/-N", "None."));
        _parser.Command("info", "Informs.");
    }

    [Fact]
    public void A_sub_command_has_options_of_its_own()
    {
        var call = _parser.Parse(["format", "-c", "x", "--feature", "a=1", "-fb=2", "-s"]);
        Assert.Same(_format, call.Command);
        Assert.Equal("x", call.ValueOf(_config));
        Assert.Equal(["a=1", "b=2"], call.ValuesOf(_feature));
        Assert.True(call.Has(_standalone));
    }

    [Theory]
    [InlineData("", "tool: error: too few arguments")]
    [InlineData("frmt", "tool: error: invalid choice: 'frmt' (choose from 'format', 'info')\n\nDid you mean:\n\tformat")]
    [InlineData("--no-such-flag", "tool: error: unrecognized arguments: '--no-such-flag'")]
    [InlineData("format", "tool: error: argument --config/-c is required")]
    [InlineData("format -c", "tool: error: argument --config/-c: expected one argument")]
    [InlineData("format -c x -s -N", "tool: error: argument --none/-N: not allowed with argument --standalone/-s")]
    public void What_does_not_parse_is_refused_with_the_text_of_argparse4j(string line, string text) =>
        Assert.EndsWith(text + "\n", Assert.Throws<ArgumentError>(() => _parser.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Message, StringComparison.Ordinal);
}
