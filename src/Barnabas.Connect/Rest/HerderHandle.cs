using Barnabas.Connect.Distributed;
using Barnabas.Connect.Herding;

namespace Barnabas.Connect.Rest;

/// <summary>The herder that answers, once it is there: the REST API listens before, because its address is what other workers know this one by.</summary>
internal sealed class HerderHandle
{
    private volatile Herder? _herder;

    /// <summary>Whether requests are answered.</summary>
    public bool IsReady => _herder is not null;

    /// <summary>Who answers.</summary>
    /// <exception cref="RestException">Nobody yet (503).</exception>
    public Herder Herder => _herder ?? throw new RestException(503, "Worker is still starting up.");

    /// <summary>The Kafka cluster's id; null while it is not known.</summary>
    public string? ClusterId { get; set; }

    /// <summary>Sends requests on to other workers; null for a worker that is alone.</summary>
    public WorkerClient? Others { get; set; }

    public void Attach(Herder herder) => _herder = herder;
}
