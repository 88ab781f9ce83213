// DescribeDelegationToken, versions 0-3 (KIP-48). Owners and renewers see their tokens; others need a right to the token or to its owner's tokens.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Security;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeDelegationTokenApi(MetadataCache metadata, string? secret)
    : ApiHandler<DescribeDelegationTokenRequest, DescribeDelegationTokenResponse>(ApiKey.DescribeDelegationToken, ListenerKind.Any)
{
    private const short FirstVersionWithRequester = 3;

    protected override ValueTask<DescribeDelegationTokenResponse?> HandleAsync(RequestContext context, DescribeDelegationTokenRequest request)
    {
        if (!context.MayUseTokens)
            throw new KafkaException(ErrorCode.DelegationTokenRequestNotAllowed);
        if (secret is null)
            throw new KafkaException(ErrorCode.DelegationTokenAuthDisabled);
        var response = new DescribeDelegationTokenResponse();
        var owners = request.Owners?.Select(owner => $"{owner.PrincipalType}:{owner.PrincipalName}").ToHashSet(StringComparer.Ordinal);
        foreach (var token in metadata.Image.DelegationTokens.Tokens.Values.OrderBy(token => token.IssueTimestamp))
        {
            if (owners is not null && !owners.Contains(token.Owner) && !token.Renewers.Exists(owners.Contains))
                continue;
            var who = context.Principal.ToString();
            var isOwn = token.Owner == who || token.Renewers.Contains(who);
            if (!isOwn && !context.IsAuthorized(AclOperation.Describe, ResourceType.DelegationToken, token.TokenId, logIfDenied: false)
                && !context.IsAuthorized(AclOperation.DescribeTokens, ResourceType.User, token.Owner, logIfDenied: false))
                continue;
            response.Tokens.Add(Describe(token, secret, context.ApiVersion));
        }
        return new(response);
    }

    protected override DescribeDelegationTokenResponse ErrorResponse(RequestContext context, DescribeDelegationTokenRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private static DescribeDelegationTokenResponse.DescribedDelegationToken Describe(DelegationTokenRecord token, string secret, short version)
    {
        var owner = Parse(token.Owner);
        var described = new DescribeDelegationTokenResponse.DescribedDelegationToken
        {
            PrincipalType = owner.Type,
            PrincipalName = owner.Name,
            IssueTimestamp = token.IssueTimestamp,
            ExpiryTimestamp = token.ExpirationTimestamp,
            MaxTimestamp = token.MaxTimestamp,
            TokenId = token.TokenId,
            Hmac = DelegationTokenHmac.Of(secret, token.TokenId),
        };
        if (version >= FirstVersionWithRequester && Parse(token.Requester) is var requester)
            (described.TokenRequesterPrincipalType, described.TokenRequesterPrincipalName) = (requester.Type, requester.Name);
        foreach (var renewer in token.Renewers.Select(Parse))
            described.Renewers.Add(new() { PrincipalType = renewer.Type, PrincipalName = renewer.Name });
        return described;
    }

    private static KafkaPrincipal Parse(string text) => KafkaPrincipal.TryParse(text) ?? new KafkaPrincipal(KafkaPrincipal.UserType, text);
}
