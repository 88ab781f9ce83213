// ApiVersions, versions 0-4. Derived from the registered handlers: there is no second list. Versions that Apache Kafka 4
// dropped (KIP-896) are served to clients that send them unasked, and not advertised.
// A version higher than ours is answered in version 0 with UNSUPPORTED_VERSION and our range of this API alone (KIP-511).
// Features with a lowest level of 0 are left out below version 4, whose readers cannot take them (KIP-1022).
using System.Buffers;
using Barnabas.Broker.Cache;
using Barnabas.Broker.Requests;
using Barnabas.Metadata.Image;
using Barnabas.Protocol;
using Barnabas.Protocol.Messages;

namespace Barnabas.Broker.Apis;

internal sealed class ApiVersionsApi(ApiRegistry apis, MetadataCache metadata, Func<short> kraftVersion, IReadOnlyDictionary<string, FeatureRange> supportedFeatures)
    : ApiHandler<ApiVersionsRequest, ApiVersionsResponse>(ApiKey.ApiVersions, ListenerKind.Any)
{
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.");
    private const short FirstVersionWithNames = 3;
    private const short FirstVersionWithZeroLevels = 4;

    protected override ValueTask<ApiVersionsResponse?> HandleAsync(RequestContext context, ApiVersionsRequest request)
    {
        if (!Supports(context.ApiVersion))
            return new(Unsupported());
        if (context.ApiVersion >= FirstVersionWithNames && !(IsValidName(request.ClientSoftwareName) && IsValidName(request.ClientSoftwareVersion)))
            return new(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
        if (context.ApiVersion >= FirstVersionWithNames)
            (context.Connection.SoftwareName, context.Connection.SoftwareVersion) = (request.ClientSoftwareName, request.ClientSoftwareVersion);
        var response = new ApiVersionsResponse();
        foreach (var handler in apis.Handlers)
        {
            if ((handler.Listeners & context.ListenerKind) != 0)
                response.ApiKeys.Add(Range(handler));
        }
        AddFeatures(response, context.ApiVersion);
        return new(response);
    }

    protected override ApiVersionsResponse ErrorResponse(RequestContext context, ApiVersionsRequest request, KafkaException error) =>
        new() { ErrorCode = error.ErrorCode };

    private void AddFeatures(ApiVersionsResponse response, short version)
    {
        foreach (var (name, range) in supportedFeatures)
        {
            if (range.Min > 0 || version >= FirstVersionWithZeroLevels)
                response.SupportedFeatures.Add(new() { Name = name, MinVersion = range.Min, MaxVersion = range.Max });
        }
        var image = metadata.Image;
        response.FinalizedFeaturesEpoch = image.Provenance.LastContainedOffset;
        AddFinalized(response, FeaturesImage.MetadataVersionFeature, image.Features.MetadataVersion);
        AddFinalized(response, FeaturesImage.KRaftVersionFeature, kraftVersion());
        foreach (var (name, level) in image.Features.Finalized)
            AddFinalized(response, name, level);
    }

    private static void AddFinalized(ApiVersionsResponse response, string name, short level)
    {
        if (level > 0)
            response.FinalizedFeatures.Add(new() { Name = name, MinVersionLevel = level, MaxVersionLevel = level });
    }

    private ApiVersionsResponse Unsupported()
    {
        var response = new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        response.ApiKeys.Add(Range(this));
        return response;
    }

    private static ApiVersionsResponse.ApiVersion Range(ApiHandler handler) =>
        new() { ApiKey = (short)handler.Key, MinVersion = handler.AdvertisedLowestVersion, MaxVersion = handler.HighestVersion };

    /// <summary>KIP-511: letters, digits, '-' and '.', the last two not at either end.</summary>
    private static bool IsValidName(string name) =>
        name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) && !name.AsSpan().ContainsAnyExcept(NameCharacters);
}
