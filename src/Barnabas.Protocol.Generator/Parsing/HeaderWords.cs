using System;
using Barnabas.Protocol.Generator.Schemas;

namespace Barnabas.Protocol.Generator.Parsing;

/// <summary>The words of a line that opens a message.</summary>
internal static class HeaderWords
{
    public static MessageKind? Kind(string word) => word switch
    {
        "request" => MessageKind.Request,
        "response" => MessageKind.Response,
        "header" => MessageKind.Header,
        "data" => MessageKind.Data,
        "metadata" => MessageKind.Metadata,
        "coordinator-key" => MessageKind.CoordinatorKey,
        "coordinator-value" => MessageKind.CoordinatorValue,
        _ => null,
    };

    public static void Read(string[] words, MessageSchema message, Action<string> report)
    {
        for (var i = 2; i < words.Length; i++)
        {
            var value = i + 1 < words.Length ? words[i + 1] : "";
            switch (words[i])
            {
                case "apiKey" or "type" when short.TryParse(value, out var number):
                    message.Number = number;
                    i++;
                    break;
                case "versions" when VersionRange.TryParse(value, out var versions):
                    message.Versions = versions;
                    i++;
                    break;
                case "flexible" when VersionRange.TryParse(value, out var flexible):
                    message.Flexible = flexible;
                    i++;
                    break;
                case "latest-unstable":
                    message.LatestVersionUnstable = true;
                    break;
                case "on":
                    foreach (var listener in value.Split(','))
                    {
                        message.OnBroker |= listener == "broker";
                        message.OnController |= listener == "controller";
                    }
                    i++;
                    break;
                default:
                    report("'" + words[i] + "' is no word of a message's line, or its value is wrong");
                    break;
            }
        }
        if (message.Versions.Highest == short.MaxValue)
            report("a message needs a highest version");
        if (message.Number < 0 && message.Kind is not (MessageKind.Header or MessageKind.Data))
            report("a " + message.Kind + " needs its number");
        if (message.Catalog is null && message.Kind is MessageKind.Metadata or MessageKind.CoordinatorKey or MessageKind.CoordinatorValue)
            report("a record needs a 'catalog' line at the start of its file");
    }
}
