using System.Globalization;
using Barnabas.Cli.Framework;
using Barnabas.Client.Admin;
using Barnabas.Protocol;

namespace Barnabas.Cli.Verbs.Configs;

/// <summary>SCRAM credentials of users, as kafka-configs shows and sets them: <c>SCRAM-SHA-256=[iterations=8192,password=secret]</c>. No password is ever printed.</summary>
internal sealed class ScramConfigs(AdminClient admin, ConfigsEntity entity)
{
    private const int DefaultIterations = 4096;

    private static readonly Dictionary<string, ScramMechanismType> Mechanisms = new(StringComparer.Ordinal)
    {
        ["SCRAM-SHA-256"] = ScramMechanismType.ScramSha256,
        ["SCRAM-SHA-512"] = ScramMechanismType.ScramSha512,
    };

    /// <summary>Whether any key is a SCRAM mechanism.</summary>
    public static bool IsAbout(IEnumerable<string> keys) => keys.Any(Mechanisms.ContainsKey);

    public async Task DescribeAsync(VerbContext context)
    {
        if (entity.Types is not ["users"] || entity.Names.Contains(""))
            return;
        foreach (var (user, outcome) in (await admin.DescribeUserScramCredentialsAsync([.. entity.Names], cancellationToken: context.Stop)).OrderBy(user => user.Key, StringComparer.Ordinal))
        {
            // Who has quotas alone has no credential: that is no error.
            if (outcome.Error is { ErrorCode: ErrorCode.ResourceNotFound })
                continue;
            if (context.Listing is { } listing)
            {
                foreach (var info in outcome.Value)
                {
                    listing.Add(json =>
                    {
                        json.WriteString("user", user);
                        json.WriteString("mechanism", Mechanisms.First(m => m.Value == info.Mechanism).Key);
                        json.WriteNumber("iterations", info.Iterations);
                    });
                }
                continue;
            }

            var texts = outcome.Value.Select(info => $"{Mechanisms.First(m => m.Value == info.Mechanism).Key}=iterations={info.Iterations.ToString(CultureInfo.InvariantCulture)}");
            context.Out.WriteLine($"SCRAM credential configs for user-principal '{user}' are {string.Join(", ", texts)}");
        }
    }

    public async Task AlterAsync(VerbContext context, Dictionary<string, string> added, List<string> deleted)
    {
        if (entity.Types.Contains("clients"))
            throw new VerbException($"Only quota configs can be added for 'clients' using --bootstrap-server. Unexpected config names: {string.Join(", ", added.Keys.Concat(deleted))}");
        if (!added.Keys.Concat(deleted).All(Mechanisms.ContainsKey))
            throw new VerbException("Cannot alter both quota and SCRAM credential configs simultaneously for 'users' using --bootstrap-server.");
        var user = entity.Names[0];
        if (user.Length == 0)
            throw new VerbException("The use of --entity-default or --user-defaults is not allowed with User SCRAM Credentials using --bootstrap-server.");
        List<UserScramCredentialAlteration> alterations = [.. deleted.Select(key => UserScramCredentialAlteration.Delete(user, Mechanisms[key]))];
        foreach (var (key, text) in added)
            alterations.Add(Parse(user, key, text));
        foreach (var outcome in (await admin.AlterUserScramCredentialsAsync(alterations, cancellationToken: context.Stop)).Values)
            _ = outcome.Value;
        context.Out.WriteLine($"Completed updating config for user {user}.");
    }

    private static UserScramCredentialAlteration Parse(string user, string mechanism, string text)
    {
        var iterations = DefaultIterations;
        string? password = null;
        foreach (var part in text.Split(',', 2))
        {
            if (part.StartsWith("iterations=", StringComparison.Ordinal) && int.TryParse(part["iterations=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                iterations = number;
            else if (part.StartsWith("password=", StringComparison.Ordinal))
                password = part["password=".Length..];
            else
                throw new VerbException($"Invalid credential property for {mechanism}: expected [iterations=N,password=P]");
        }
        return password is { Length: > 0 }
            ? UserScramCredentialAlteration.Set(user, Mechanisms[mechanism], iterations, password)
            : throw new VerbException($"The password of the {mechanism} credential is missing");
    }
}
