using Barnabas.Protocol.Acls;

namespace Barnabas.Client.Admin;

/// <summary>A delegation token. Times are in milliseconds since 1970.</summary>
/// <param name="TokenId">Its id: the user name with SCRAM.</param>
/// <param name="Hmac">Its proof: in Base64 the password with SCRAM.</param>
/// <param name="Owner">For whom it stands.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Renewers">Who may renew it.</param>
/// <param name="IssueTimestampMs">When it was made.</param>
/// <param name="ExpiryTimestampMs">When it ends unless it is renewed.</param>
/// <param name="MaxTimestampMs">When it ends for good.</param>
public sealed record DelegationToken(
    string TokenId, ReadOnlyMemory<byte> Hmac, KafkaPrincipal Owner, KafkaPrincipal Requester, IReadOnlyList<KafkaPrincipal> Renewers,
    long IssueTimestampMs, long ExpiryTimestampMs, long MaxTimestampMs)
{
    /// <summary>The id alone: the HMAC is a secret.</summary>
    public override string ToString() => TokenId;
}
