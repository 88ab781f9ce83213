using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Makes a delegation token (KIP-48): its id and HMAC stand for its owner with SCRAM.</summary>
    /// <param name="owner">Whose it is; the caller's own where null.</param>
    /// <param name="renewers">Who may renew it besides its owner.</param>
    /// <param name="maxLifetimeMs">How long it lasts at most, in milliseconds; -1 for as long as the cluster allows.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">DELEGATION_TOKEN_AUTH_DISABLED, DELEGATION_TOKEN_REQUEST_NOT_ALLOWED and others.</exception>
    public Task<DelegationToken> CreateDelegationTokenAsync(
        KafkaPrincipal? owner, IReadOnlyList<KafkaPrincipal> renewers, long maxLifetimeMs = -1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("createDelegationToken", timeout, async token =>
        {
            var request = new CreateDelegationTokenRequest { MaxLifetimeMs = maxLifetimeMs };
            if (owner is not null)
                (request.OwnerPrincipalType, request.OwnerPrincipalName) = (owner.Type, owner.Name);
            foreach (var renewer in renewers)
                request.Renewers.Add(new() { PrincipalType = renewer.Type, PrincipalName = renewer.Name });
            var response = await SendToControllerAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            return new DelegationToken(
                response.TokenId, response.Hmac.ToArray(), new(response.PrincipalType, response.PrincipalName),
                new(response.TokenRequesterPrincipalType, response.TokenRequesterPrincipalName), renewers,
                response.IssueTimestampMs, response.ExpiryTimestampMs, response.MaxTimestampMs);
        }, cancellationToken);

    /// <summary>Makes a delegation token last longer.</summary>
    /// <returns>Until when, in milliseconds since 1970.</returns>
    public Task<long> RenewDelegationTokenAsync(ReadOnlyMemory<byte> hmac, long periodMs = -1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("renewDelegationToken", timeout, async token =>
        {
            var response = await SendToControllerAsync(new RenewDelegationTokenRequest { Hmac = hmac, RenewPeriodMs = periodMs }, token);
            return response.ErrorCode == ErrorCode.None ? response.ExpiryTimestampMs : throw response.ErrorCode.ToException();
        }, cancellationToken);

    /// <summary>Makes a delegation token end after a while, or at once with a negative period.</summary>
    /// <returns>When, in milliseconds since 1970.</returns>
    public Task<long> ExpireDelegationTokenAsync(ReadOnlyMemory<byte> hmac, long periodMs = -1, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("expireDelegationToken", timeout, async token =>
        {
            var response = await SendToControllerAsync(new ExpireDelegationTokenRequest { Hmac = hmac, ExpiryTimePeriodMs = periodMs }, token);
            return response.ErrorCode == ErrorCode.None ? response.ExpiryTimestampMs : throw response.ErrorCode.ToException();
        }, cancellationToken);

    /// <summary>The delegation tokens of owners, or all that the caller may see.</summary>
    public Task<IReadOnlyList<DelegationToken>> DescribeDelegationTokensAsync(
        IReadOnlyList<KafkaPrincipal>? owners = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyList<DelegationToken>>("describeDelegationToken", timeout, async token =>
        {
            var request = new DescribeDelegationTokenRequest
            {
                Owners = owners is null ? null : [.. owners.Select(owner => new DescribeDelegationTokenRequest.DescribeDelegationTokenOwner { PrincipalType = owner.Type, PrincipalName = owner.Name })],
            };
            var response = await SendToAnyAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            return response.Tokens.ConvertAll(found => new DelegationToken(
                found.TokenId, found.Hmac.ToArray(), new(found.PrincipalType, found.PrincipalName), new(found.TokenRequesterPrincipalType, found.TokenRequesterPrincipalName),
                found.Renewers.ConvertAll(renewer => new KafkaPrincipal(renewer.PrincipalType, renewer.PrincipalName)), found.IssueTimestamp, found.ExpiryTimestamp, found.MaxTimestamp));
        }, cancellationToken);
}
