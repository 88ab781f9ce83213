using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Sets and removes SCRAM credentials of users (KIP-554). The node gets the salted password, not the password.</summary>
    /// <returns>The outcome for each user.</returns>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> AlterUserScramCredentialsAsync(
        IReadOnlyCollection<UserScramCredentialAlteration> alterations, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(alterations);
        var call = new KeyedCall<string, Done>("alterUserScramCredentials", alterations.Select(alteration => alteration.User));
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new AlterUserScramCredentialsRequest();
            foreach (var alteration in alterations.Where(alteration => open.Contains(alteration.User))) alteration.AddTo(request);
            var response = await SendToControllerAsync(request, token);
            foreach (var result in response.Results)
            {
                ThrowIfControllerMoved(result.ErrorCode);
                if (result.ErrorCode == ErrorCode.None) call.Succeed(result.User, default);
                else call.Fail(result.User, result.ErrorCode.ToException(result.ErrorMessage));
            }
        }, cancellationToken);
    }

    /// <summary>Which SCRAM credentials users have; never what they are.</summary>
    /// <param name="users">The users; all that have any when empty.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredentialInfo>>>> DescribeUserScramCredentialsAsync(
        IReadOnlyCollection<string> users, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(users);
        return RunAsync<IReadOnlyDictionary<string, Outcome<IReadOnlyList<ScramCredentialInfo>>>>("describeUserScramCredentials", timeout, async token =>
        {
            var request = new DescribeUserScramCredentialsRequest { Users = users.Count == 0 ? null : [.. users.Select(user => new DescribeUserScramCredentialsRequest.UserName { Name = user })] };
            var response = await SendToAnyAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            return response.Results.ToDictionary(result => result.User, result => result.ErrorCode == ErrorCode.None
                ? new Outcome<IReadOnlyList<ScramCredentialInfo>>(result.CredentialInfos.ConvertAll(info => new ScramCredentialInfo((ScramMechanismType)info.Mechanism, info.Iterations)))
                : new Outcome<IReadOnlyList<ScramCredentialInfo>>(result.ErrorCode.ToException(result.ErrorMessage)));
        }, cancellationToken);
    }
}
