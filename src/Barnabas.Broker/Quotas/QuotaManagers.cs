using System.Net;
using Barnabas.Broker.Configuration;
using Barnabas.Configuration.Brokers;
using Barnabas.Metadata.Image;
using Barnabas.Metadata.Publishing;
using Barnabas.Transport.Quotas;

namespace Barnabas.Broker.Quotas;

/// <summary>All quotas of a broker. As a publisher it follows what is set at run time.</summary>
internal sealed class QuotaManagers : IMetadataPublisher
{
    private readonly DynamicBrokerConfig _config;

    public QuotaManagers(DynamicBrokerConfig config, TimeProvider time)
    {
        _config = config;
        var started = config.Current;
        var window = new QuotaWindow(started.GetInt("quota.window.num"), TimeSpan.FromSeconds(started.GetInt("quota.window.size.seconds")));
        Produce = new ClientQuotaManager(ClientQuotaKeys.ProducerByteRate, window, time);
        Fetch = new ClientQuotaManager(ClientQuotaKeys.ConsumerByteRate, window, time);
        Request = new ClientQuotaManager(ClientQuotaKeys.RequestPercentage, window, time, maxThrottleMs: (long)window.Size.TotalMilliseconds);
        ControllerMutation = new ControllerMutationQuotaManager(
            new QuotaWindow(started.GetInt("controller.quota.window.num"), TimeSpan.FromSeconds(started.GetInt("controller.quota.window.size.seconds"))), time);
        Connections = new ConnectionRates(window.Samples, window.Size, time) { Limits = ConnectionLimits(ClientQuotasImage.Empty, started) };
        config.Changed += changed => Connections.Limits = ConnectionLimits(Quotas, changed);
    }

    /// <summary>Bytes of produce requests.</summary>
    public ClientQuotaManager Produce { get; }

    /// <summary>Bytes of fetch responses.</summary>
    public ClientQuotaManager Fetch { get; }

    /// <summary>Percent of one processor's time.</summary>
    public ClientQuotaManager Request { get; }

    /// <summary>Partitions created and deleted.</summary>
    public ControllerMutationQuotaManager ControllerMutation { get; }

    /// <summary>Connections opened.</summary>
    public ConnectionRates Connections { get; }

    private ClientQuotasImage Quotas { get; set; } = ClientQuotasImage.Empty;

    public void OnMetadataUpdate(MetadataDelta delta, MetadataImage image)
    {
        if (!delta.ClientQuotasChanged)
            return;
        Quotas = image.ClientQuotas;
        Produce.Apply(Quotas);
        Fetch.Apply(Quotas);
        Request.Apply(Quotas);
        ControllerMutation.Apply(Quotas);
        Connections.Limits = ConnectionLimits(Quotas, _config.Current);
    }

    private static ConnectionRateLimits ConnectionLimits(ClientQuotasImage quotas, BrokerConfig config)
    {
        var perAddress = new Dictionary<IPAddress, double>();
        var byDefault = double.PositiveInfinity;
        foreach (var (entity, values) in quotas.Entities)
        {
            if (!entity.Entries.TryGetValue(ClientQuotaKeys.Ip, out var ip) || !values.TryGetValue(ClientQuotaKeys.ConnectionCreationRate, out var rate))
                continue;
            if (ip is null)
                byDefault = rate;
            else
                foreach (var address in AddressesOf(ip))
                    perAddress[address] = rate;
        }
        return new ConnectionRateLimits
        {
            Node = Unlimited(config.GetInt("max.connection.creation.rate")),
            PerListener = ListenerOverrides.Of(config, "max.connection.creation.rate").ToDictionary(o => o.Key, o => Unlimited(o.Value)),
            DefaultAddress = byDefault,
            PerAddress = perAddress,
        };
    }

    private static double Unlimited(int rate) => rate == int.MaxValue ? double.PositiveInfinity : rate;

    private static IPAddress[] AddressesOf(string ip)
    {
        try
        {
            return HostAddresses.Of(ip);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It resolved when it was set; nobody connects from a name that no longer does.
            return [];
        }
    }
}
