using System.Buffers.Binary;
using Barnabas.Broker.Quotas;
using Barnabas.Broker.Telemetry;
using Barnabas.Metadata.Authorizer;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Server;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Requests;

/// <summary>
/// Turns frames into handler calls and results into response frames, for the listeners of one kind. Keeps nothing between requests;
/// entered on the read loop of each connection.
/// </summary>
internal sealed class RequestDispatcher(ApiRegistry apis, ListenerKind kind, StandardAuthorizer? authorizer, ClientQuotaManager requestQuota, RequestMetrics metrics, RequestTracing? tracing, TimeProvider time, ILogger logger) : IFrameHandler
{
    private const int FixedHeaderBytes = 8;

    public event Action<ServerConnection>? ConnectionClosed;

    public ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame)
    {
        RequestContext context;
        ApiHandler handler;
        IRequest request;
        try
        {
            handler = FindHandler(frame.Memory.Span, out var version, out var isFutureApiVersions);
            (context, request) = Decode(connection, frame, handler, version, isFutureApiVersions);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
        var began = time.GetTimestamp();
        context.Arrived = began;
        ValueTask<IResponse?> handling;
        try
        {
            handling = handler.DispatchAsync(context, request);
        }
        catch (Exception e) when (e is not FrameException)
        {
            handling = ValueTask.FromException<IResponse?>(e);
        }
        if (handling.IsCompletedSuccessfully)
            return new ValueTask<IOutgoingFrame?>(Finish(context, handler, request, handling.Result, began));
        if (requestQuota.IsEnabled)
            requestQuota.Record(context.User, context.ClientId ?? "", PercentOf(began));
        return FinishLaterAsync(context, handler, request, handling);
    }

    public void OnClosed(ServerConnection connection) => ConnectionClosed?.Invoke(connection);

    private ApiHandler FindHandler(ReadOnlySpan<byte> frame, out short version, out bool isFutureApiVersions)
    {
        if (frame.Length < FixedHeaderBytes)
            throw new FrameException($"a request of {frame.Length} bytes is shorter than its header");
        var key = BinaryPrimitives.ReadInt16BigEndian(frame);
        version = BinaryPrimitives.ReadInt16BigEndian(frame[2..]);
        isFutureApiVersions = false;
        var handler = apis.Find(key, kind) ?? throw new FrameException($"the API key {key} is not known or not enabled on this listener");
        if (handler.Supports(version))
            return handler;
        // KIP-511: the one request whose future versions are answered, so that client and broker can settle on one.
        isFutureApiVersions = handler.Key == ApiKey.ApiVersions;
        return isFutureApiVersions ? handler : throw new FrameException($"version {version} of {handler.Key} is not supported");
    }

    private (RequestContext Context, IRequest Request) Decode(ServerConnection connection, Frame frame, ApiHandler handler, short version, bool isFutureApiVersions)
    {
        try
        {
            var reader = new MessageReader(frame.Memory);
            var header = new RequestHeader();
            header.Read(ref reader, handler.Descriptor.RequestHeaderVersion(version));
            var request = handler.Descriptor.NewRequest();
            if (!isFutureApiVersions)
                request.Read(ref reader, version);
            return (new RequestContext(connection, frame, kind, handler.Key, version, header.CorrelationId, header.ClientId, authorizer), request);
        }
        catch (MalformedMessageException e)
        {
            throw new FrameException($"malformed {handler.Key} request, version {version}: {e.Message}", e);
        }
    }

    private async ValueTask<IOutgoingFrame?> FinishLaterAsync(RequestContext context, ApiHandler handler, IRequest request, ValueTask<IResponse?> handling)
    {
        try
        {
            var response = await handling;
            return Finish(context, handler, request, response, time.GetTimestamp());
        }
        catch (Exception e) when (e is not FrameException && !(e is OperationCanceledException && context.Cancellation.IsCancellationRequested))
        {
            return FinishWithError(context, handler, request, e);
        }
        finally
        {
            context.ReleaseFrame();
            context.DisposeUntilSent();
        }
    }

    private IOutgoingFrame? FinishWithError(RequestContext context, ApiHandler handler, IRequest request, Exception exception)
    {
        var error = exception as KafkaException;
        if (error is null)
        {
            RequestLog.Failed(logger, handler.Key, context.ApiVersion, context.Connection.RemoteEndPoint, context.ClientId, exception);
            error = new KafkaException(ErrorCode.UnknownServerError, ErrorCodes.Message(ErrorCode.UnknownServerError));
        }
        context.DisposeUntilSent();
        if (handler.BuildErrorResponse(context, request, error) is { } response)
            return Finish(context, handler, request, response, time.GetTimestamp());
        context.ReleaseFrame();
        throw new FrameException($"a {handler.Key} request that expects no response failed: {error.Message}", error);
    }

    private ResponseFrame? Finish(RequestContext context, ApiHandler handler, IRequest request, IResponse? response, long began)
    {
        try
        {
            tracing?.Record(context, handler, request, time.GetUtcNow(), time.GetElapsedTime(context.Arrived));
            Throttle(context, handler, response, began);
            metrics.Record(handler.Key, context.ApiVersion, context.Arrived);
            if (response is null)
                return null;
            // A client that asked in a future version of ApiVersions is answered in version 0.
            var version = handler.Supports(context.ApiVersion) ? context.ApiVersion : (short)0;
            return ResponseFrame.Create(context.CorrelationId, response, version, handler.Descriptor.ResponseHeaderVersion(version), context.TakeUntilSent());
        }
        finally
        {
            context.ReleaseFrame();
            context.DisposeUntilSent();
        }
    }

    private void Throttle(RequestContext context, ApiHandler handler, IResponse? response, long began)
    {
        // What keeps clusters together is not held back (and its senders are no clients).
        if (requestQuota.IsEnabled && handler.Listeners != ListenerKind.Controller)
            context.Throttle(requestQuota.RecordAndGetThrottleMs(context.User, context.ClientId ?? "", PercentOf(began)));
        if (context.ThrottleTimeMs == 0)
            return;
        if (response is IThrottledResponse throttled)
            throttled.ThrottleTimeMs = context.ThrottleTimeMs;
        context.Connection.Mute(TimeSpan.FromMilliseconds(context.ThrottleTimeMs));
    }

    /// <summary>Percent of a second of one processor.</summary>
    private double PercentOf(long began) => time.GetElapsedTime(began).TotalSeconds * 100;
}
