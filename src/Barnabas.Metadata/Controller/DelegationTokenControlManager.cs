using System.Security.Cryptography;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Security;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over delegation tokens (KIP-48, KIP-900). Lives on the controller's thread.</summary>
internal sealed class DelegationTokenControlManager(ControllerState state, TimeProvider time, Random random)
{
    private readonly string? _secret = DelegationTokenHmac.SecretOf(state.Options.Config);
    private readonly long _maxLifetimeMs = state.Options.Config.GetLong("delegation.token.max.lifetime.ms");
    private readonly long _renewalMs = state.Options.Config.GetLong("delegation.token.expiry.time.ms");

    internal ControllerResult<CreateDelegationTokenResponse> Create(ControllerRequestContext context, CreateDelegationTokenRequest request)
    {
        var requester = Principal(context);
        var owner = string.IsNullOrEmpty(request.OwnerPrincipalName) ? requester : new KafkaPrincipal(request.OwnerPrincipalType ?? KafkaPrincipal.UserType, request.OwnerPrincipalName);
        var response = new CreateDelegationTokenResponse { PrincipalType = owner.Type, PrincipalName = owner.Name };
        if (context.ApiVersion >= 3)
            (response.TokenRequesterPrincipalType, response.TokenRequesterPrincipalName) = (requester.Type, requester.Name);
        response.ErrorCode = Usable();
        if (response.ErrorCode == ErrorCode.None && request.Renewers.Exists(renewer => renewer.PrincipalType != KafkaPrincipal.UserType))
            response.ErrorCode = ErrorCode.InvalidPrincipalType;
        if (response.ErrorCode != ErrorCode.None)
            return ControllerResult.Of(response);
        var now = Now;
        var lifetime = request.MaxLifetimeMs > 0 ? Math.Min(_maxLifetimeMs, request.MaxLifetimeMs) : _maxLifetimeMs;
        var record = new DelegationTokenRecord
        {
            Owner = owner.ToString(),
            Requester = requester.ToString(),
            Renewers = [.. request.Renewers.Select(renewer => $"{renewer.PrincipalType}:{renewer.PrincipalName}")],
            IssueTimestamp = now,
            MaxTimestamp = Sum(now, lifetime),
            ExpirationTimestamp = Math.Min(Sum(now, lifetime), Sum(now, _renewalMs)),
            TokenId = Uuid.Random(random).ToString(),
        };
        (response.IssueTimestampMs, response.ExpiryTimestampMs, response.MaxTimestampMs) = (now, record.ExpirationTimestamp, record.MaxTimestamp);
        response.TokenId = record.TokenId;
        response.Hmac = DelegationTokenHmac.Of(_secret!, record.TokenId);
        return ControllerResult.Of([new VersionedRecord(record, 0)], response);
    }

    internal ControllerResult<RenewDelegationTokenResponse> Renew(ControllerRequestContext context, RenewDelegationTokenRequest request)
    {
        var error = Find(context, request.Hmac, out var token);
        if (error == ErrorCode.None && IsExpired(token!))
            error = ErrorCode.DelegationTokenExpired;
        if (error != ErrorCode.None)
            return ControllerResult.Of(new RenewDelegationTokenResponse { ErrorCode = error });
        var period = request.RenewPeriodMs > 0 ? Math.Min(_renewalMs, request.RenewPeriodMs) : _renewalMs;
        var changed = Until(token!, Math.Min(token!.MaxTimestamp, Sum(Now, period)));
        return ControllerResult.Of([new VersionedRecord(changed, 0)], new RenewDelegationTokenResponse { ExpiryTimestampMs = changed.ExpirationTimestamp });
    }

    internal ControllerResult<ExpireDelegationTokenResponse> Expire(ControllerRequestContext context, ExpireDelegationTokenRequest request)
    {
        var error = Find(context, request.Hmac, out var token);
        if (error == ErrorCode.None && request.ExpiryTimePeriodMs >= 0 && IsExpired(token!))
            error = ErrorCode.DelegationTokenExpired;
        if (error != ErrorCode.None)
            return ControllerResult.Of(new ExpireDelegationTokenResponse { ErrorCode = error });
        if (request.ExpiryTimePeriodMs < 0)
        {
            return ControllerResult.Of(
                [new VersionedRecord(new RemoveDelegationTokenRecord { TokenId = token!.TokenId }, 0)], new ExpireDelegationTokenResponse { ExpiryTimestampMs = Now });
        }
        var changed = Until(token!, Math.Min(token!.MaxTimestamp, Sum(Now, request.ExpiryTimePeriodMs)));
        return ControllerResult.Of([new VersionedRecord(changed, 0)], new ExpireDelegationTokenResponse { ExpiryTimestampMs = changed.ExpirationTimestamp });
    }

    /// <summary>Records that remove what has expired.</summary>
    internal IReadOnlyList<VersionedRecord> Sweep() =>
        [.. state.Image.DelegationTokens.Tokens.Values.Where(IsExpired).Select(token => new VersionedRecord(new RemoveDelegationTokenRecord { TokenId = token.TokenId }, 0))];

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private ErrorCode Usable() =>
        _secret is null ? ErrorCode.DelegationTokenAuthDisabled
        : !MetadataRules.DelegationTokens(state.MetadataVersion) ? ErrorCode.UnsupportedVersion : ErrorCode.None;

    private ErrorCode Find(ControllerRequestContext context, ReadOnlyMemory<byte> hmac, out DelegationTokenRecord? token)
    {
        token = null;
        if (Usable() is var error and not ErrorCode.None)
            return error;
        foreach (var candidate in state.Image.DelegationTokens.Tokens.Values)
        {
            if (CryptographicOperations.FixedTimeEquals(DelegationTokenHmac.Of(_secret!, candidate.TokenId), hmac.Span))
                token = candidate;
        }
        if (token is null)
            return ErrorCode.DelegationTokenNotFound;
        return token.Owner == context.Principal || token.Renewers.Contains(context.Principal) ? ErrorCode.None : ErrorCode.DelegationTokenOwnerMismatch;
    }

    private bool IsExpired(DelegationTokenRecord token) => token.MaxTimestamp < Now || token.ExpirationTimestamp < Now;

    private static KafkaPrincipal Principal(ControllerRequestContext context) => KafkaPrincipal.TryParse(context.Principal) ?? KafkaPrincipal.Anonymous;

    private static DelegationTokenRecord Until(DelegationTokenRecord token, long expirationMs) => new()
    {
        Owner = token.Owner,
        Requester = token.Requester,
        Renewers = [.. token.Renewers],
        IssueTimestamp = token.IssueTimestamp,
        MaxTimestamp = token.MaxTimestamp,
        ExpirationTimestamp = expirationMs,
        TokenId = token.TokenId,
    };

    private static long Sum(long now, long duration) => now > long.MaxValue - duration ? long.MaxValue : now + duration;
}
