using System.Text;

namespace Barnabas.Configuration.Security;

/// <summary>Reads JAAS notation: the value of <c>sasl.jaas.config</c>, and login files with their contexts.</summary>
public static class JaasConfig
{
    private static readonly string[] Flags = ["required", "requisite", "sufficient", "optional"];

    /// <summary>Reads the value of a <c>sasl.jaas.config</c>: exactly one login module.</summary>
    /// <exception cref="ConfigException">The text is malformed, or has none or several modules.</exception>
    public static JaasEntry ParseSingle(string key, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var tokens = new Tokens(key, text);
        var entry = ReadEntry(tokens);
        return tokens.IsAtEnd ? entry : throw new ConfigException($"JAAS config property {key} contains several login modules, should be 1 module");
    }

    /// <summary>Reads a login file: login modules by context, as <c>KafkaServer { ... };</c>.</summary>
    /// <exception cref="ConfigException">The text is malformed.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<JaasEntry>> ParseFile(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var contexts = new Dictionary<string, IReadOnlyList<JaasEntry>>(StringComparer.Ordinal);
        var tokens = new Tokens(name, text);
        while (!tokens.IsAtEnd)
        {
            var context = tokens.Next();
            tokens.Expect("{");
            List<JaasEntry> entries = [];
            while (tokens.Peek() != "}")
                entries.Add(ReadEntry(tokens));
            tokens.Expect("}");
            tokens.Expect(";");
            contexts[context] = entries;
        }
        return contexts;
    }

    private static JaasEntry ReadEntry(Tokens tokens)
    {
        var module = tokens.Next();
        var flag = tokens.Next();
        if (!Flags.Contains(flag, StringComparer.OrdinalIgnoreCase))
            throw tokens.Malformed($"login module control flag is not specified for {module}");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        while (tokens.Peek() != ";")
        {
            var option = tokens.Next();
            tokens.Expect("=");
            options[option] = tokens.Next();
        }
        tokens.Expect(";");
        return new JaasEntry(module, options);
    }

    /// <summary>Words, quoted texts, and the marks between them; comments are passed over. No message shows a value: it may be a password.</summary>
    private sealed class Tokens
    {
        private const string Marks = "{};=";
        private readonly string _name;
        private readonly List<string> _tokens = [];
        private int _at;

        public Tokens(string name, string text)
        {
            _name = name;
            for (var i = 0; i < text.Length;)
                i = Read(text, i);
        }

        public bool IsAtEnd => _at == _tokens.Count;

        public string Peek() => IsAtEnd ? throw Malformed("it ends in the middle of an entry") : _tokens[_at];

        public string Next()
        {
            var token = Peek();
            _at++;
            return token;
        }

        public void Expect(string mark)
        {
            if (Next() != mark)
                throw Malformed($"'{mark}' is missing");
        }

        public ConfigException Malformed(string why) => new($"JAAS config in {_name} is malformed: {why}");

        private int Read(string text, int i)
        {
            if (char.IsWhiteSpace(text[i]))
                return i + 1;
            if (text[i] == '#' || (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '/'))
                return text.IndexOf('\n', i) is >= 0 and var end ? end + 1 : text.Length;
            if (text[i] == '/' && i + 1 < text.Length && text[i + 1] == '*')
                return text.IndexOf("*/", i + 2, StringComparison.Ordinal) is >= 0 and var close ? close + 2 : throw Malformed("a comment does not end");
            if (Marks.Contains(text[i], StringComparison.Ordinal))
            {
                _tokens.Add(text[i].ToString());
                return i + 1;
            }
            return text[i] is '"' or '\'' ? ReadQuoted(text, i) : ReadWord(text, i);
        }

        private int ReadWord(string text, int i)
        {
            var begin = i;
            while (i < text.Length && !char.IsWhiteSpace(text[i]) && !Marks.Contains(text[i], StringComparison.Ordinal))
                i++;
            _tokens.Add(text[begin..i]);
            return i;
        }

        private int ReadQuoted(string text, int i)
        {
            var quote = text[i++];
            var value = new StringBuilder();
            while (i < text.Length && text[i] != quote)
            {
                if (text[i] == '\\' && i + 1 < text.Length)
                    i++;
                value.Append(text[i++]);
            }
            if (i == text.Length)
                throw Malformed("a quoted value does not end");
            _tokens.Add(value.ToString());
            return i + 1;
        }
    }
}
