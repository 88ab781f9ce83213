using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Cli.Framework.Options;
using Barnabas.Client.Admin;
using Barnabas.Protocol.Acls;

namespace Barnabas.Cli.Verbs;

/// <summary>kafka-delegation-tokens: makes, renews, ends and shows delegation tokens.</summary>
internal sealed class DelegationTokensVerb : Verb
{
    private static readonly string[] Header = ["TOKENID", "HMAC", "OWNER", "REQUESTER", "RENEWERS", "ISSUEDATE", "EXPIRYDATE", "MAXDATE"];

    public override async Task<int> RunAsync(VerbContext context, IReadOnlyList<string> arguments)
    {
        var parser = new OptionParser("This tool helps to create, renew, expire, or describe delegation tokens.");
        var server = parser.Value("bootstrap-server", "String", "REQUIRED: The servers to connect to.");
        var config = parser.Value("command-config", "String", "REQUIRED: Properties of the admin client: tokens are for clients that say who they are.");
        var create = parser.Flag("create", "Make a token.");
        var renew = parser.Flag("renew", "Make a token last longer.");
        var expire = parser.Flag("expire", "Make a token end.");
        var describe = parser.Flag("describe", "Show tokens.");
        var owner = parser.OptionalValue("owner-principal", "String", "The owner, as User:name.");
        var renewer = parser.OptionalValue("renewer-principal", "String", "Who may renew it, as User:name.");
        var maxLife = parser.OptionalValue("max-life-time-period", "Long", "Milliseconds that it lasts at most; -1 for as long as the cluster allows.");
        var renewPeriod = parser.OptionalValue("renew-time-period", "Long", "Milliseconds by which it is renewed; -1 for the cluster's own.");
        var expiryPeriod = parser.OptionalValue("expiry-time-period", "Long", "Milliseconds after which it ends; -1 at once.");
        var hmac = parser.OptionalValue("hmac", "String", "The HMAC of the token.");
        if (parser.ParseOrPrint(context, arguments, [describe]) is not { } options)
            return 0;
        if (((OptionSpec[])[create, renew, expire, describe]).Count(options.Has) != 1)
            throw new OptionException("Command must include exactly one action: --create, --renew, --expire or --describe");
        options.Require(server, config);
        if (options.Has(create))
            options.Require(maxLife);
        if (options.Has(renew))
            options.Require(hmac, renewPeriod);
        if (options.Has(expire))
            options.Require(hmac, expiryPeriod);
        options.Forbid(create, hmac, renewPeriod, expiryPeriod);
        options.Forbid(renew, renewer, maxLife, expiryPeriod, owner);
        options.Forbid(expire, renew, maxLife, renewPeriod, owner);
        options.Forbid(describe, renewPeriod, maxLife, hmac, expiryPeriod);
        await using var admin = Clients.Admin(options, server, config);
        if (options.Has(create))
        {
            var renewers = Principals(options, renewer);
            context.Out.WriteLine($"Calling create token operation with renewers :[{string.Join(", ", renewers)}] , max-life-time-period :{options.LongOf(maxLife).ToString(CultureInfo.InvariantCulture)}");
            var token = await admin.CreateDelegationTokenAsync(Principals(options, owner).FirstOrDefault(), renewers, options.LongOf(maxLife), cancellationToken: context.Stop);
            context.Out.WriteLine($"Created delegation token with tokenId : {token.TokenId}");
            Print(context, [token]);
        }
        else if (options.Has(describe))
        {
            var owners = Principals(options, owner);
            if (context.Listing is null)
                context.Out.WriteLine(owners.Count == 0 ? "Calling describe token operation for current user." : $"Calling describe token operation for owners: [{string.Join(", ", owners)}]");
            var tokens = await admin.DescribeDelegationTokensAsync(owners.Count == 0 ? null : owners, cancellationToken: context.Stop);
            if (context.Listing is null)
                context.Out.Write($"Total number of tokens : {tokens.Count.ToString(CultureInfo.InvariantCulture)}");
            Print(context, tokens);
        }
        else
        {
            await ChangeAsync(context, admin, options.Has(renew), options.Required(hmac), options.LongOf(options.Has(renew) ? renewPeriod : expiryPeriod));
        }
        return 0;
    }

    private static async Task ChangeAsync(VerbContext context, AdminClient admin, bool isRenewal, string hmac, long periodMs)
    {
        var verb = isRenewal ? "renew" : "expire";
        context.Out.WriteLine($"Calling {verb} token operation with hmac :{hmac} , {(isRenewal ? "renew" : "expire")}-time-period :{periodMs.ToString(CultureInfo.InvariantCulture)}");
        var bytes = new byte[hmac.Length];
        if (!Convert.TryFromBase64String(hmac, bytes, out var length))
            throw new VerbException("The HMAC is no Base64");
        var end = isRenewal
            ? await admin.RenewDelegationTokenAsync(bytes.AsMemory(0, length), periodMs, cancellationToken: context.Stop)
            : await admin.ExpireDelegationTokenAsync(bytes.AsMemory(0, length), periodMs, cancellationToken: context.Stop);
        context.Out.Write($"Completed {verb} operation. New expiry date : {Date(end)}");
    }

    private static void Print(VerbContext context, IEnumerable<DelegationToken> tokens)
    {
        if (context.Listing is null)
            PrintRow(Header);
        foreach (var token in tokens)
        {
            Row([
                token.TokenId, Convert.ToBase64String(token.Hmac.Span), token.Owner.ToString(), token.Requester.ToString(), $"[{string.Join(", ", token.Renewers)}]",
                Date(token.IssueTimestampMs), Date(token.ExpiryTimestampMs), Date(token.MaxTimestampMs)]);
        }

        void Row(string[] cells)
        {
            if (context.Listing is { } listing)
                listing.Add(Header, cells);
            else
                PrintRow(cells);
        }

        void PrintRow(string[] cells) => context.Out.WriteLine(
            $"\n{cells[0],-15} {cells[1],-30} {cells[2],-15} {cells[3],-15} {cells[4],-25} {cells[5],-15} {cells[6],-15} {cells[7],-15}");
    }

    private static List<KafkaPrincipal> Principals(OptionSet options, OptionSpec option) =>
        [.. options.ValuesOf(option).Select(text => KafkaPrincipal.TryParse(text.Trim()) ?? throw new OptionException($"expected a string in format principalType:principalName but got {text.Trim()}"))];

    private static string Date(long timestampMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(timestampMs).ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
}
