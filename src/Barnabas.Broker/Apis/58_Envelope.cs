// Envelope, version 0: a broker hands a client's request to the controller, and tells who the client is (KIP-590).
// The broker needs the right to act for the cluster; what is inside is then judged by the rights of the client.
using System.Net;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Apis;

internal sealed class EnvelopeApi(ApiRegistry apis, ILogger logger) : ApiHandler<EnvelopeRequest, EnvelopeResponse>(ApiKey.Envelope, ListenerKind.Controller)
{
    private static readonly HashSet<ApiKey> Forwardable =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreateAcls, ApiKey.DeleteAcls, ApiKey.AlterConfigs, ApiKey.CreatePartitions, ApiKey.CreateDelegationToken,
        ApiKey.RenewDelegationToken, ApiKey.ExpireDelegationToken, ApiKey.ElectLeaders, ApiKey.IncrementalAlterConfigs, ApiKey.AlterPartitionReassignments,
        ApiKey.ListPartitionReassignments, ApiKey.AlterClientQuotas, ApiKey.AlterUserScramCredentials, ApiKey.DescribeQuorum, ApiKey.UpdateFeatures,
        ApiKey.UnregisterBroker, ApiKey.AllocateProducerIds, ApiKey.AddRaftVoter, ApiKey.RemoveRaftVoter,
    ];

    public override AclOperation? ClusterOperation => AclOperation.ClusterAction;

    protected override async ValueTask<EnvelopeResponse?> HandleAsync(RequestContext context, EnvelopeRequest request)
    {
        var principal = ReadPrincipal(request.RequestPrincipal);
        if (request.ClientHostAddress.Length is not (4 or 16)) throw new KafkaException(ErrorCode.InvalidRequest);
        var (handler, header, inner) = Open(request.RequestData);
        var client = new ForwardedClient(new KafkaPrincipal(principal.Type, principal.Name), principal.TokenAuthenticated, new IPAddress(request.ClientHostAddress.Span));
        var forwarded = context.Forwarded(client, handler.Key, header);
        IResponse response;
        try
        {
            response = await handler.DispatchAsync(forwarded, inner) ?? throw new KafkaException(ErrorCode.InvalidRequest);
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.NotController)
        {
            // The broker's matter, which looks for the controller and tries again; the client hears nothing of it.
            throw;
        }
#pragma warning disable CA1031 // Every failure is answered inside the envelope, as it would be outside.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            if (e is not KafkaException) RequestLog.Failed(logger, handler.Key, header.RequestApiVersion, context.Connection.RemoteEndPoint, header.ClientId, e);
            var error = e as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, ErrorCodes.Message(ErrorCode.UnknownServerError));
            response = handler.BuildErrorResponse(forwarded, inner, error) ?? throw error;
        }
        if (response is IThrottledResponse throttled) throttled.ThrottleTimeMs = forwarded.ThrottleTimeMs;
        return new EnvelopeResponse { ResponseData = Write(handler, header, response) };
    }

    protected override EnvelopeResponse ErrorResponse(RequestContext context, EnvelopeRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private static DefaultPrincipalData ReadPrincipal(ReadOnlyMemory<byte>? bytes)
    {
        try
        {
            if (bytes is not { Length: > 2 } data || data.Span[0] != 0 || data.Span[1] != 0) throw new KafkaException(ErrorCode.PrincipalDeserializationFailure);
            var reader = new MessageReader(data[2..]);
            var principal = new DefaultPrincipalData();
            principal.Read(ref reader, 0);
            return principal;
        }
        catch (MalformedMessageException e)
        {
            throw new KafkaException(ErrorCode.PrincipalDeserializationFailure, e.Message, e);
        }
    }

    private (ApiHandler Handler, RequestHeader Header, IRequest Request) Open(ReadOnlyMemory<byte> data)
    {
        try
        {
            if (data.Length < 8) throw new KafkaException(ErrorCode.InvalidRequest);
            var key = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(data.Span);
            var version = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(data.Span[2..]);
            if (apis.Find(key, ListenerKind.Controller) is not { } handler || !Forwardable.Contains(handler.Key)) throw new KafkaException(ErrorCode.InvalidRequest);
            if (!handler.Supports(version)) throw new KafkaException(ErrorCode.UnsupportedVersion);
            var reader = new MessageReader(data);
            var header = new RequestHeader();
            header.Read(ref reader, handler.Descriptor.RequestHeaderVersion(version));
            var request = handler.Descriptor.NewRequest();
            request.Read(ref reader, version);
            return (handler, header, request);
        }
        catch (MalformedMessageException e)
        {
            throw new KafkaException(ErrorCode.InvalidRequest, e.Message, e);
        }
    }

    private static ReadOnlyMemory<byte> Write(ApiHandler handler, RequestHeader header, IResponse response)
    {
        using var writer = new MessageWriter();
        new ResponseHeader { CorrelationId = header.CorrelationId }.Write(writer, handler.Descriptor.ResponseHeaderVersion(header.RequestApiVersion));
        response.Write(writer, header.RequestApiVersion);
        return writer.ToArray();
    }
}
