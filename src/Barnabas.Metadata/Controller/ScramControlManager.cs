using System.Security.Cryptography;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Metadata.Controller;

/// <summary>Decides over SCRAM credentials (KIP-554). Lives on the controller's thread.</summary>
internal sealed class ScramControlManager(ControllerState state)
{
    private const int MinIterations = 4096;
    private const int MaxIterations = 16384;
    private static readonly ApiError Twice = new(ErrorCode.DuplicateResource, "A user credential cannot be altered twice in the same request");

    internal ControllerResult<AlterUserScramCredentialsResponse> Alter(AlterUserScramCredentialsRequest request)
    {
        var errors = new Dictionary<string, ApiError>(StringComparer.Ordinal);
        var changes = new Dictionary<(string User, sbyte Mechanism), IMetadataRecord>();
        foreach (var deletion in request.Deletions)
            Consider(deletion.Name, deletion.Mechanism, Validate(deletion), () => new RemoveUserScramCredentialRecord { Name = deletion.Name, Mechanism = deletion.Mechanism });
        foreach (var upsertion in request.Upsertions)
            Consider(upsertion.Name, upsertion.Mechanism, Validate(upsertion), () => Record(upsertion));
        var response = new AlterUserScramCredentialsResponse();
        var records = new RecordList();
        foreach (var user in changes.GroupBy(change => change.Key.User))
        {
            // A user's credentials change all together or not at all.
            if (errors.ContainsKey(user.Key))
                continue;
            foreach (var change in user) records.Add(change.Value);
            response.Results.Add(new() { User = user.Key });
        }
        foreach (var (user, error) in errors)
            response.Results.Add(new() { User = user, ErrorCode = error.Code, ErrorMessage = error.Text });
        return ControllerResult.Of(records.Records, response);

        void Consider(string user, sbyte mechanism, ApiError error, Func<IMetadataRecord> change)
        {
            if (errors.ContainsKey(user))
                return;
            if (changes.Remove((user, mechanism)))
                errors[user] = Twice;
            else if (error.Code != ErrorCode.None)
                errors[user] = error;
            else
                changes[(user, mechanism)] = change();
        }
    }

    private ApiError Validate(AlterUserScramCredentialsRequest.ScramCredentialDeletion deletion)
    {
        var error = Validate(deletion.Name, deletion.Mechanism);
        return error.Code != ErrorCode.None || state.Image.Scram.Credentials.ContainsKey((deletion.Mechanism, deletion.Name))
            ? error
            : new ApiError(ErrorCode.ResourceNotFound, "Attempt to delete a user credential that does not exist");
    }

    private ApiError Validate(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        var error = Validate(upsertion.Name, upsertion.Mechanism);
        if (error.Code != ErrorCode.None) return error;
        if (upsertion.Iterations < MinIterations) return new ApiError(ErrorCode.UnacceptableCredential, "Too few iterations");
        if (upsertion.Iterations > MaxIterations) return new ApiError(ErrorCode.UnacceptableCredential, "Too many iterations");
        return upsertion.SaltedPassword.Length == 0 ? new ApiError(ErrorCode.UnacceptableCredential, "The salted password must not be empty") : ApiError.None;
    }

    private ApiError Validate(string user, sbyte mechanism)
    {
        if (!MetadataRules.Scram(state.MetadataVersion)) return new ApiError(ErrorCode.UnsupportedVersion, "The current metadata.version does not support SCRAM");
        if (user.Length == 0) return new ApiError(ErrorCode.UnacceptableCredential, "Username must not be empty");
        return mechanism is 1 or 2 ? ApiError.None : new ApiError(ErrorCode.UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
    }

    private static UserScramCredentialRecord Record(AlterUserScramCredentialsRequest.ScramCredentialUpsertion upsertion)
    {
        var hash = upsertion.Mechanism == 1 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
        var clientKey = CryptographicOperations.HmacData(hash, upsertion.SaltedPassword.Span, "Client Key"u8);
        return new UserScramCredentialRecord
        {
            Name = upsertion.Name,
            Mechanism = upsertion.Mechanism,
            Salt = upsertion.Salt.ToArray(),
            StoredKey = CryptographicOperations.HashData(hash, clientKey),
            ServerKey = CryptographicOperations.HmacData(hash, upsertion.SaltedPassword.Span, "Server Key"u8),
            Iterations = upsertion.Iterations,
        };
    }
}
