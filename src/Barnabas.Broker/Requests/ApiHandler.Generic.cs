using Barnabas.Protocol;

namespace Barnabas.Broker.Requests;

/// <summary>One API with its messages. See <see cref="ApiHandler"/>.</summary>
/// <param name="key">The API.</param>
/// <param name="listeners">The listeners that serve it.</param>
public abstract class ApiHandler<TRequest, TResponse>(ApiKey key, ListenerKind listeners = ListenerKind.Broker) : ApiHandler(key, listeners)
    where TRequest : class, IRequest<TResponse>
    where TResponse : class, IResponse, new()
{
    /// <summary>
    /// Handles one request. What has to happen in the order of a connection's requests happens before the first await.
    /// </summary>
    /// <returns>The response; null for a request that has none.</returns>
    /// <exception cref="KafkaException">Answered with <see cref="ErrorResponse"/>; any other exception is logged and answered with UNKNOWN_SERVER_ERROR.</exception>
    protected abstract ValueTask<TResponse?> HandleAsync(RequestContext context, TRequest request);

    /// <summary>The response that tells of a failure of the whole request, with the code in every place that Kafka puts it.</summary>
    /// <returns>Null where the request expects no response; the connection is closed then, the only way to tell its sender.</returns>
    protected abstract TResponse? ErrorResponse(RequestContext context, TRequest request, KafkaException error);

    internal sealed override ValueTask<IResponse?> DispatchAsync(RequestContext context, IRequest request)
    {
        if (ClusterOperation is { } operation)
            context.RequireCluster(operation);
        var handling = HandleAsync(context, (TRequest)request);
        return handling.IsCompletedSuccessfully ? new ValueTask<IResponse?>(handling.Result) : WaitAsync(handling);
    }

    internal sealed override IResponse? BuildErrorResponse(RequestContext context, IRequest request, KafkaException error) =>
        ErrorResponse(context, (TRequest)request, error);

    private static async ValueTask<IResponse?> WaitAsync(ValueTask<TResponse?> handling) => await handling;
}
