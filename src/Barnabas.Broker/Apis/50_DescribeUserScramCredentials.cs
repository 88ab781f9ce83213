// DescribeUserScramCredentials, version 0 (KIP-554): which users have credentials, never what they are.
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class DescribeUserScramCredentialsApi(MetadataCache metadata)
    : ApiHandler<DescribeUserScramCredentialsRequest, DescribeUserScramCredentialsResponse>(ApiKey.DescribeUserScramCredentials, ListenerKind.Any)
{
    public override AclOperation? ClusterOperation => AclOperation.Describe;

    protected override ValueTask<DescribeUserScramCredentialsResponse?> HandleAsync(RequestContext context, DescribeUserScramCredentialsRequest request)
    {
        var credentials = metadata.Image.Scram.Credentials;
        var asked = request.Users is { Count: > 0 } users
            ? users.GroupBy(user => user.Name).Select(user => (Name: user.Key, IsDuplicate: user.Count() > 1))
            : credentials.Keys.Select(key => key.User).Distinct().Select(name => (Name: name, IsDuplicate: false));
        var response = new DescribeUserScramCredentialsResponse();
        foreach (var (name, isDuplicate) in asked)
        {
            var result = new DescribeUserScramCredentialsResponse.DescribeUserScramCredentialsResult { User = name };
            response.Results.Add(result);
            if (isDuplicate)
            {
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.DuplicateResource, $"Cannot describe SCRAM credentials for the same user twice in a single request: {name}");
                continue;
            }
            foreach (var (key, record) in credentials.Where(credential => credential.Key.User == name).OrderBy(credential => credential.Key.Mechanism))
                result.CredentialInfos.Add(new() { Mechanism = key.Mechanism, Iterations = record.Iterations });
            if (result.CredentialInfos.Count == 0)
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.ResourceNotFound, $"Attempt to describe a user credential that does not exist: {name}");
        }
        return new(response);
    }

    protected override DescribeUserScramCredentialsResponse ErrorResponse(RequestContext context, DescribeUserScramCredentialsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode, ErrorMessage = error.Message };
}
