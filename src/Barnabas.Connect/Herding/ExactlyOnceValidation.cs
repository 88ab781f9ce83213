using Barnabas.Connect.Sdk;

namespace Barnabas.Connect.Herding;

/// <summary>What <c>exactly.once.support</c> and <c>transaction.boundary</c> ask of a source connector that it cannot do (KIP-618).</summary>
internal static class ExactlyOnceValidation
{
    public static IEnumerable<KeyValuePair<string, string>> Check(SourceConnector connector, IReadOnlyDictionary<string, string> configs, bool isEnabled)
    {
        const string Support = "exactly.once.support";
        const string Boundary = "transaction.boundary";
        if (string.Equals(configs.GetValueOrDefault(Support), "required", StringComparison.OrdinalIgnoreCase))
        {
            if (!isEnabled)
            {
                yield return new(Support, "This worker does not have exactly-once source support enabled.");
            }
            else if (connector.SupportsExactlyOnce(configs) is not { } supports)
            {
                yield return new(Support,
                    "The connector does not implement the API required for preflight validation of exactly-once source support. Please consult the documentation for the connector to determine whether it supports exactly-once " +
                    "delivery guarantees, and then consider reconfiguring the connector to use the value \"requested\" for this property (which will disable this preflight check and allow the connector to be created).");
            }
            else if (!supports)
            {
                yield return new(Support, "The connector does not support exactly-once delivery guarantees with the provided configuration.");
            }
        }

        if (string.Equals(configs.GetValueOrDefault(Boundary), "connector", StringComparison.OrdinalIgnoreCase) && isEnabled && !connector.CanDefineTransactionBoundaries(configs))
            yield return new(Boundary, "The connector does not support connector-defined transaction boundaries with the provided configuration.");
    }
}
