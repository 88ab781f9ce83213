using System;
using System.Collections.Generic;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Parsing;

/// <summary>
/// Reads a schema file: header lines in the first column open a message, two blanks a level indent its fields,
/// <c>struct Name</c> lines describe structs used more than once, <c>#</c> starts a comment line.
/// </summary>
internal sealed class SchemaParser(string path, List<SchemaProblem> problems)
{
    private readonly List<MessageSchema> _messages = [];
    private readonly List<StructSchema> _open = [];
    private MessageSchema? _message;
    private string? _catalog;
    private FieldSchema? _lastField;
    private int _lastLevel;

    public List<MessageSchema> Parse(string text)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].TrimEnd();
            var content = line.TrimStart();
            if (content.Length == 0 || content[0] == '#')
                continue;
            var indent = line.Length - content.Length;
            var words = content.Split([' '], StringSplitOptions.RemoveEmptyEntries);
            if (indent == 0)
                ParseHeader(words, i);
            else if (_message is null || indent % 2 != 0)
                Report(i, "a field needs a message above it and two blanks a level");
            else
                ParseField(words, indent / 2, i);
        }
        foreach (var message in _messages)
            new SchemaBinder(path, problems).Bind(message);
        return _messages;
    }

    private void ParseHeader(string[] words, int line)
    {
        if (words[0] == "catalog" && words.Length == 2)
        {
            _catalog = words[1];
            return;
        }
        var kind = HeaderWords.Kind(words[0]);
        if (kind is null || words.Length < 2)
        {
            Report(line, "'" + words[0] + "' opens no message");
            return;
        }
        _message = new MessageSchema(kind.Value, words[1], line) { Catalog = _catalog };
        HeaderWords.Read(words, _message, message => Report(line, message));
        _message.Root.Versions = _message.Versions;
        _messages.Add(_message);
        _open.Clear();
        _open.Add(_message.Root);
        _lastField = null;
        _lastLevel = 0;
    }

    private void ParseField(string[] words, int level, int line)
    {
        if (level > _lastLevel + 1)
        {
            Report(line, "indented by more than one level");
            return;
        }
        if (level > _lastLevel && _lastLevel > 0 && !OpenStructOfLastField(line))
            return;
        while (_open.Count > level)
            _open.RemoveAt(_open.Count - 1);
        _lastLevel = level;
        if (words[0] == "struct" && words.Length >= 2)
        {
            var declared = new StructSchema(words[1], line);
            if (words.Length > 2 && VersionRange.TryParse(words[2], out var versions))
                declared.Versions = versions;
            else
                Report(line, "a struct names its versions");
            _message!.Structs.Add(declared);
            _open.Add(declared);
            _lastField = null;
            return;
        }
        var field = FieldWords.Read(words, line, message => Report(line, message));
        if (field is null)
            return;
        _open[_open.Count - 1].Fields.Add(field);
        _lastField = field;
    }

    /// <summary>The lines below a field of a struct type are that struct's fields.</summary>
    private bool OpenStructOfLastField(int line)
    {
        if (_lastField is null)
            return true;
        if (_lastField.Type.StructName is not { } name)
        {
            Report(line, "only a struct has fields of its own");
            return false;
        }
        var inline = new StructSchema(name, line) { Versions = _lastField.Versions };
        _message!.Structs.Add(inline);
        _open.Add(inline);
        return true;
    }

    private void Report(int line, string message) => problems.Add(new SchemaProblem(path, line, message));
}
