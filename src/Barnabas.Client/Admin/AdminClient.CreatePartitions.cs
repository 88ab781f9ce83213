using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>Raises the number of partitions of topics, or checks whether it could.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> CreatePartitionsAsync(
        IReadOnlyDictionary<string, NewPartitions> topics, bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var call = new KeyedCall<string, Done>("createPartitions", topics.Keys);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var request = new CreatePartitionsRequest { TimeoutMs = TimeoutMs(timeout), ValidateOnly = validateOnly };
            foreach (var name in open)
            {
                request.Topics.Add(new CreatePartitionsRequest.CreatePartitionsTopic
                {
                    Name = name,
                    Count = topics[name].TotalCount,
                    Assignments = topics[name].NewAssignments is { } assignments
                        ? [.. assignments.Select(brokers => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. brokers] })]
                        : null,
                });
            }

            var response = await SendToControllerAsync(request, token);
            foreach (var result in response.Results)
            {
                ThrowIfControllerMoved(result.ErrorCode);
                if (IsControllerRetry(result.ErrorCode)) call.Retry(result.Name, result.ErrorCode.ToException(result.ErrorMessage));
                else if (result.ErrorCode != ErrorCode.None) call.Fail(result.Name, result.ErrorCode.ToException(result.ErrorMessage));
                else call.Succeed(result.Name, default);
            }
        }, cancellationToken);
    }
}
