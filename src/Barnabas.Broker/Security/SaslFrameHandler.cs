using System.Buffers.Binary;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;
using Barnabas.Protocol.Messages;
using Barnabas.Transport.Sasl;
using Barnabas.Transport.Server;
using Microsoft.Extensions.Logging;

namespace Barnabas.Broker.Security;

/// <summary>
/// Before the handler of a SASL listener: until a client has proven who it is, nothing passes but ApiVersions, the
/// handshake and tokens; afterwards everything does until the session ends (KIP-43, KIP-152, KIP-368).
/// </summary>
internal sealed class SaslFrameHandler(IFrameHandler inner, Func<SaslListener> listener, TimeProvider time, ILogger logger) : IFrameHandler
{
    private static readonly TimeSpan MinReauthInterval = TimeSpan.FromSeconds(1);

    // Ends of credentials may be as far away as a token says; timestamps must not overflow.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(36500);

    public ValueTask<IOutgoingFrame?> HandleAsync(ServerConnection connection, Frame frame)
    {
        var session = connection.Session as SaslSession ?? Begin(connection);
        if (session.IsAuthenticated)
        {
            if (KeyOf(frame) != ApiKey.SaslHandshake)
            {
                if (session.ExpiresTimestamp is not { } end || time.GetTimestamp() < end)
                    return inner.HandleAsync(connection, frame);
                frame.Dispose();
                throw new FrameException("the session ended without re-authentication (connections.max.reauth.ms)");
            }
            if (time.GetElapsedTime(session.AuthenticatedTimestamp) < MinReauthInterval)
            {
                frame.Dispose();
                throw new FrameException("re-authentication within a second of the last one");
            }
            session.BeginReauthentication();
        }
        if (session.IsBusy)
        {
            frame.Dispose();
            throw new FrameException("a request came before the answer of the authentication");
        }
        if (session.Server is not null)
            return HandleTokenAsync(connection, session, frame);
        // What is said before anybody is known is read only as far as it is needed.
        switch (KeyOf(frame))
        {
            case ApiKey.ApiVersions:
                return inner.HandleAsync(connection, frame);
            case ApiKey.SaslHandshake:
                using (frame)
                    return Handshake(connection, session, frame.Memory);
            case var key:
                frame.Dispose();
                throw new FrameException($"Unexpected Kafka request of type {key} during SASL handshake.");
        }
    }

    public void OnClosed(ServerConnection connection)
    {
        (connection.Session as SaslSession)?.Release();
        inner.OnClosed(connection);
    }

    private SaslSession Begin(ServerConnection connection)
    {
        var session = new SaslSession();
        connection.Session = session;
        connection.MaxRequestBytes = listener().MaxReceiveBytes;
        return session;
    }

    private ValueTask<IOutgoingFrame?> Handshake(ServerConnection connection, SaslSession session, ReadOnlyMemory<byte> frame)
    {
        var (header, request) = Read<SaslHandshakeRequest>(frame);
        var current = listener();
        var response = new SaslHandshakeResponse { Mechanisms = [.. current.Mechanisms.Select(m => m.Mechanism)] };
        var factory = current.Find(request.Mechanism);
        if (factory is null)
        {
            response.ErrorCode = ErrorCode.UnsupportedSaslMechanism;
            return FailAsync(connection, session, Respond(header, response), $"Unsupported SASL mechanism {request.Mechanism}");
        }
        if (session.IsReauthenticating && session.Mechanism != request.Mechanism)
        {
            throw new FrameException($"SASL mechanism '{request.Mechanism}' requested by client is not supported for re-authentication of mechanism '{session.Mechanism}'");
        }
        session.Begin(request.Mechanism, factory.Create(), rawTokens: header.RequestApiVersion == 0);
        return new(Respond(header, response));
    }

    private async ValueTask<IOutgoingFrame?> HandleTokenAsync(ServerConnection connection, SaslSession session, Frame frame)
    {
        session.IsBusy = true;
        try
        {
            using (frame)
            {
                if (session.HasRawTokens)
                    return await HandleRawTokenAsync(connection, session, frame.Memory);
                if (KeyOf(frame) == ApiKey.ApiVersions)
                    return await RefuseVersionsAsync(connection, session, frame.Memory);
                if (KeyOf(frame) != ApiKey.SaslAuthenticate)
                    throw new FrameException($"Unexpected Kafka request of type {KeyOf(frame)} during SASL authentication.");
                return await AuthenticateAsync(connection, session, frame.Memory);
            }
        }
        finally
        {
            session.IsBusy = false;
        }
    }

    private ValueTask<IOutgoingFrame?> RefuseVersionsAsync(ServerConnection connection, SaslSession session, ReadOnlyMemory<byte> frame)
    {
        var (header, _) = Read<ApiVersionsRequest>(frame);
        return FailAsync(connection, session, Respond(header, new ApiVersionsResponse { ErrorCode = ErrorCode.IllegalSaslState }), "Unexpected Kafka request of type API_VERSIONS during SASL authentication.");
    }

    private async ValueTask<IOutgoingFrame?> HandleRawTokenAsync(ServerConnection connection, SaslSession session, ReadOnlyMemory<byte> token)
    {
        try
        {
            var (answer, _) = await EvaluateAsync(connection, session, token);
            return new RawFrame(answer);
        }
        catch (SaslException e)
        {
            SecurityLog.Failed(logger, "authentication", connection.RemoteEndPoint, connection.ListenerName, e.Message);
            await Task.Delay(listener().FailureDelay, time, connection.Closed);
            throw new FrameException("authentication failed", e);
        }
    }

    private async ValueTask<IOutgoingFrame?> AuthenticateAsync(ServerConnection connection, SaslSession session, ReadOnlyMemory<byte> frame)
    {
        var (header, request) = Read<SaslAuthenticateRequest>(frame);
        var what = session.IsReauthenticating ? "re-authentication" : "authentication";
        try
        {
            var (answer, lifetime) = await EvaluateAsync(connection, session, request.AuthBytes);
            return Respond(header, new SaslAuthenticateResponse { AuthBytes = answer, SessionLifetimeMs = (long)(lifetime?.TotalMilliseconds ?? 0) });
        }
        catch (SaslException e)
        {
            SecurityLog.Failed(logger, what, connection.RemoteEndPoint, connection.ListenerName, e.Message);
            var message = e.PeerMessage ?? $"Authentication failed during {what} due to invalid credentials with SASL mechanism {session.Mechanism}";
            await Task.Delay(listener().FailureDelay, time, connection.Closed);
            var response = Respond(header, new SaslAuthenticateResponse { ErrorCode = ErrorCode.SaslAuthenticationFailed, ErrorMessage = message, AuthBytes = ReadOnlyMemory<byte>.Empty });
            return new LastFrame(response, connection, "authentication failed");
        }
    }

    private async ValueTask<(byte[] Answer, TimeSpan? Lifetime)> EvaluateAsync(ServerConnection connection, SaslSession session, ReadOnlyMemory<byte> token)
    {
        var server = session.Server!;
        var answer = await server.EvaluateAsync(token, connection.Closed);
        if (!server.IsComplete)
            return (answer, null);
        var current = listener();
        var factory = current.Find(session.Mechanism!) ?? throw new SaslException($"{session.Mechanism} is no longer enabled");
        var principal = KafkaPrincipal.User(factory.NameOf(server.AuthorizationId));
        if (session.IsReauthenticating && session.Principal != principal)
            throw SaslException.Told($"Cannot change principals during re-authentication from {session.Principal.Type}.{session.Principal.Name}: {principal.Type}.{principal.Name}");
        var lifetime = Lifetime(factory.MaxReauth, server.ExpiresAt);
        var now = time.GetTimestamp();
        connection.MaxRequestBytes = current.MaxRequestBytes;
        SecurityLog.Authenticated(logger, connection.RemoteEndPoint, connection.ListenerName, principal.ToString(), session.Mechanism!);
        session.Complete(principal, now, lifetime is { } span ? now + (long)(span.TotalSeconds * time.TimestampFrequency) : null);
        return (answer, lifetime);
    }

    private TimeSpan? Lifetime(TimeSpan? maxReauth, DateTimeOffset? expires)
    {
        if (expires is not { } end)
            return maxReauth is { } longest && longest > MaxLifetime ? MaxLifetime : maxReauth;
        var left = end - time.GetUtcNow();
        if (left <= TimeSpan.Zero)
            throw SaslException.Told("Authentication failed: the credentials have expired");
        var lifetime = maxReauth is { } max && max < left ? max : left;
        return lifetime < MaxLifetime ? lifetime : MaxLifetime;
    }

    private async ValueTask<IOutgoingFrame?> FailAsync(ServerConnection connection, SaslSession session, IOutgoingFrame response, string reason)
    {
        session.IsBusy = true;
        SecurityLog.Failed(logger, session.IsReauthenticating ? "re-authentication" : "authentication", connection.RemoteEndPoint, connection.ListenerName, reason);
        await Task.Delay(listener().FailureDelay, time, connection.Closed);
        return new LastFrame(response, connection, reason);
    }

    private static ApiKey KeyOf(in Frame frame) => frame.Memory.Length >= 2 ? (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame.Memory.Span) : (ApiKey)(-1);

    private static (RequestHeader Header, T Request) Read<T>(ReadOnlyMemory<byte> frame)
        where T : class, IRequest, new()
    {
        var request = new T();
        try
        {
            if (frame.Length < 4)
                throw new FrameException("a request is shorter than its header");
            var version = BinaryPrimitives.ReadInt16BigEndian(frame.Span[2..]);
            var descriptor = ApiCatalog.Get(request.ApiKey);
            if (!descriptor.HasVersion(version))
                throw new FrameException($"version {version} of {request.ApiKey} is not supported");
            var reader = new MessageReader(frame);
            var header = new RequestHeader();
            header.Read(ref reader, descriptor.RequestHeaderVersion(version));
            request.Read(ref reader, version);
            return (header, request);
        }
        catch (MalformedMessageException e)
        {
            throw new FrameException($"malformed {request.ApiKey} request: {e.Message}", e);
        }
    }

    private static ResponseFrame Respond(RequestHeader header, IResponse response)
    {
        var version = header.RequestApiVersion;
        return ResponseFrame.Create(header.CorrelationId, response, version, ApiCatalog.Get(response.ApiKey).ResponseHeaderVersion(version), null);
    }
}
