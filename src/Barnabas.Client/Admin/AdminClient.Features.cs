using Barnabas.Client.Networking;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Client.Admin;

public sealed partial class AdminClient
{
    /// <summary>The features in force, and what a node could do (KIP-584).</summary>
    /// <param name="nodeId">The node to ask; any when null.</param>
    /// <param name="timeout">For all retries together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">The node refuses or does not answer in time.</exception>
    public Task<FeatureDescription> DescribeFeaturesAsync(int? nodeId = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RunAsync("describeFeatures", timeout, async token =>
        {
            var connection = nodeId is { } id ? await _cluster.ConnectAsync(id, ConnectionRole.Regular, token) : await _cluster.ConnectToAnyAsync(token);
            var request = new ApiVersionsRequest { ClientSoftwareName = "barnabas", ClientSoftwareVersion = ClientVersion.Text };
            var response = await connection.SendAsync(request, token);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException();
            return new FeatureDescription(
                response.FinalizedFeatures.ToDictionary(feature => feature.Name, feature => new FeatureRange(feature.MinVersionLevel, feature.MaxVersionLevel)),
                response.FinalizedFeaturesEpoch < 0 ? null : response.FinalizedFeaturesEpoch,
                response.SupportedFeatures.ToDictionary(feature => feature.Name, feature => new FeatureRange(feature.MinVersion, feature.MaxVersion)));
        }, cancellationToken);

    /// <summary>Changes the levels of features, or checks whether it could.</summary>
    public Task<IReadOnlyDictionary<string, Outcome<Done>>> UpdateFeaturesAsync(
        IReadOnlyDictionary<string, FeatureUpdate> updates, bool validateOnly = false, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(updates);
        var call = new KeyedCall<string, Done>("updateFeatures", updates.Keys);
        return RunAsync(call, timeout, async (open, token) =>
        {
            var connection = await _cluster.ConnectToControllerAsync(token);
            var version = connection.Versions.Choose(ApiKey.UpdateFeatures, lowest: validateOnly ? (short)1 : (short)0);
            var request = new UpdateFeaturesRequest { TimeoutMs = TimeoutMs(timeout) };
            if (version >= 1) request.ValidateOnly = validateOnly;
            foreach (var feature in open)
            {
                var update = updates[feature];
                var key = new UpdateFeaturesRequest.FeatureUpdateKey { Feature = feature, MaxVersionLevel = update.MaxLevel };
                if (version >= 1) key.UpgradeType = (sbyte)update.UpgradeType;
                else key.AllowDowngrade = update.UpgradeType != FeatureUpgradeType.Upgrade;
                request.FeatureUpdates.Add(key);
            }

            var response = await connection.SendAsync(request, version, token);
            ThrowIfControllerMoved(response.ErrorCode);
            if (response.ErrorCode != ErrorCode.None) throw response.ErrorCode.ToException(response.ErrorMessage);
            foreach (var result in response.Results)
            {
                if (result.ErrorCode == ErrorCode.None) call.Succeed(result.Feature, default);
                else call.Fail(result.Feature, result.ErrorCode.ToException(result.ErrorMessage));
            }

            // From version 2 on all succeed or all fail.
            foreach (var feature in call.Open) call.Succeed(feature, default);
        }, cancellationToken);
    }
}
