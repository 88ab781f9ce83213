using Barnabas.Broker.Configuration;
using Barnabas.Broker.Requests;
using Barnabas.Protocol;
using Barnabas.Protocol.Acls;

namespace Barnabas.Broker.Apis;

/// <summary>
/// What both ways to change configurations have in common: rights first, then what this broker can run with, then what
/// is the node's alone; the controller decides over the rest.
/// </summary>
internal abstract class AlterConfigsHandler<TRequest, TResponse, TResource>(ApiKey key) : ApiHandler<TRequest, TResponse>(key, ListenerKind.Any)
    where TRequest : class, IRequest<TResponse>
    where TResponse : class, IResponse, new()
{
    protected sealed override async ValueTask<TResponse?> HandleAsync(RequestContext context, TRequest request)
    {
        var resources = ResourcesOf(request);
        var denied = ConfigRefusal.Take(resources, IdOf, resource =>
        {
            var (type, name) = IdOf(resource);
            ConfigAuthorization.Require(context, AclOperation.AlterConfigs, type, name);
        });
        if (denied.Count > 0 && resources.Count == 0)
            return Respond(denied);
        // On the controllers' listener the controller alone decides.
        var refused = context.ListenerKind == ListenerKind.Broker ? ConfigRefusal.Take(resources, IdOf, CheckForThisBroker) : [];
        var local = ChangeHere(request);
        var response = await ChangeAsync(context, request);
        Add(response, 0, [.. local, .. refused]);
        Add(response, null, denied);
        return response;
    }

    protected sealed override TResponse ErrorResponse(RequestContext context, TRequest request, KafkaException error) =>
        Respond(ResourcesOf(request).ConvertAll(resource =>
        {
            var (type, name) = IdOf(resource);
            return new ConfigRefusal(type, name, error.ErrorCode, error.Message);
        }));

    protected abstract List<TResource> ResourcesOf(TRequest request);

    protected abstract (sbyte Type, string Name) IdOf(TResource resource);

    /// <exception cref="KafkaException">This broker cannot run with it.</exception>
    protected abstract void CheckForThisBroker(TResource resource);

    /// <summary>Takes out of the request what is this node's alone, and carries it out.</summary>
    protected virtual List<ConfigRefusal> ChangeHere(TRequest request) => [];

    protected abstract ValueTask<TResponse> ChangeAsync(RequestContext context, TRequest request);

    /// <summary>Adds answers at an index, or at the end.</summary>
    protected abstract void Add(TResponse response, int? index, List<ConfigRefusal> answers);

    private TResponse Respond(List<ConfigRefusal> answers)
    {
        var response = new TResponse();
        Add(response, null, answers);
        return response;
    }
}
