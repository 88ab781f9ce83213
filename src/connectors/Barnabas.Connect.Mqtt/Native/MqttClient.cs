using System.Runtime.InteropServices;

namespace Barnabas.Connect.Mqtt.Native;

/// <summary>
/// A client of the library. Either its owner's thread drives it by <see cref="Drive"/>, and nothing is written unless
/// that says so; or the library's own thread does, after <see cref="StartLoop"/>, and the callbacks come on it.
/// </summary>
internal sealed unsafe class MqttClient : IDisposable
{
    private readonly MqttOptions _options;
    private readonly bool _isClean;
    private GCHandle _self;
    private nint _client;
    private bool _hasLoop;

    public MqttClient(MqttOptions options, MqttAddress server, bool isClean)
    {
        Mosquitto.Load();
        _options = options;
        _isClean = isClean;
        Server = server;
        _self = GCHandle.Alloc(this);
        _client = Mosquitto.New(options.ClientId, isClean, GCHandle.ToIntPtr(_self));
        if (_client == 0)
        {
            _self.Free();
            throw new MqttException("the library made no client: the client id is not valid or memory is short");
        }

        Configure();
    }

    public MqttAddress Server { get; }

    /// <summary>A message came. Must not throw.</summary>
    public Action<MqttMessage>? Arrived { get; init; }

    /// <summary>The server took a message, or gave a reason of 128 or more why it did not. Must not throw.</summary>
    public Action<int, int>? Published { get; init; }

    /// <summary>The server's answer to CONNECT; null before it. 0 is yes.</summary>
    public int? Answer { get; private set; }

    /// <summary>Called with each answer to CONNECT. Must not throw.</summary>
    public Action<int>? Answered { get; init; }

    /// <summary>The first filter that the server refused, counted from 0; null for none.</summary>
    public int? RefusedFilter { get; private set; }

    /// <summary>Connects the socket and puts CONNECT in line; blocks while names are resolved and the handshake is made.</summary>
    /// <exception cref="MqttException">It did not work.</exception>
    public void Connect()
    {
        nint properties = 0;
        if (_options.IsVersion5)
        {
            Check(Mosquitto.AddNumber(ref properties, Mosquitto.PropertyMaximumPacketSize, (uint)_options.MaxMessageBytes));
            // Without it, MQTT 5 ends a session with its connection.
            if (!_isClean) Check(Mosquitto.AddNumber(ref properties, Mosquitto.PropertySessionExpiry, uint.MaxValue));
        }

        try
        {
            Check(Mosquitto.Connect(_client, Server.Host, Server.Port, _options.KeepAliveSeconds, null, properties));
        }
        finally
        {
            if (properties != 0) Mosquitto.FreeProperties(ref properties);
        }
    }

    /// <summary>Puts SUBSCRIBE in line.</summary>
    public void Subscribe(string filter, int qos) => Check(Mosquitto.Subscribe(_client, out _, filter, qos, 0, 0));

    /// <summary>Waits for the socket, then reads packets while messages come, up to a number of calls.</summary>
    /// <exception cref="MqttException">The connection is lost.</exception>
    public void Drive(int milliseconds, Func<int> count, int most)
    {
        Poll.Wait(SocketOrThrow(), Mosquitto.WantsWrite(_client), milliseconds);
        // A packet may take two reads, and TLS holds what poll does not see.
        for (var idle = 0; idle < 2 && count() < most;)
        {
            var before = count();
            Check(Mosquitto.Read(_client, 1));
            idle = count() == before ? idle + 1 : 0;
        }
    }

    /// <summary>Writes everything that is in line, acknowledgements too.</summary>
    /// <exception cref="MqttException">The connection is lost.</exception>
    public void Write()
    {
        Check(Mosquitto.KeepAlive(_client));
        Check(Mosquitto.Write(_client, 1));
    }

    /// <summary>Lets the library's own thread read, write and connect again.</summary>
    public void StartLoop()
    {
        Check(Mosquitto.StartLoop(_client));
        _hasLoop = true;
    }

    /// <summary>Lets only <see cref="Write"/> write.</summary>
    public void HoldWrites() => Check(Mosquitto.SetThreaded(_client, true));

    /// <summary>Sends a message; its id.</summary>
    /// <exception cref="MqttException">It cannot be sent.</exception>
    public int Publish(string topic, ReadOnlySpan<byte> payload, int qos, bool isRetained, IEnumerable<(string Name, string Value)> userProperties)
    {
        nint properties = 0;
        try
        {
            if (_options.IsVersion5)
                foreach (var (name, value) in userProperties) Check(Mosquitto.AddPair(ref properties, Mosquitto.PropertyUser, name, value));
            fixed (byte* bytes = payload)
            {
                Check(Mosquitto.Publish(_client, out var id, topic, payload.Length, bytes, qos, isRetained, properties));
                return id;
            }
        }
        finally
        {
            if (properties != 0) Mosquitto.FreeProperties(ref properties);
        }
    }

    /// <summary>Says good-bye, which also sends what is in line.</summary>
    public void Disconnect()
    {
        _ = Mosquitto.Disconnect(_client);
        if (!_hasLoop) _ = Mosquitto.Write(_client, 1);
    }

    public void Dispose()
    {
        if (_client == 0) return;
        if (_hasLoop) _ = Mosquitto.StopLoop(_client, force: true);
        Mosquitto.Destroy(_client);
        _client = 0;
        _self.Free();
    }

    private static void Check(int error)
    {
        if (error != Mosquitto.Success) throw new MqttException(Mosquitto.Text(error));
    }

    private static MqttClient Of(nint userData) => (MqttClient)GCHandle.FromIntPtr(userData).Target!;

    [UnmanagedCallersOnly]
    private static void OnConnect(nint client, nint userData, int reason, int flags, nint properties)
    {
        var self = Of(userData);
        self.Answer = reason;
        self.Answered?.Invoke(reason);
    }

    [UnmanagedCallersOnly]
    private static void OnMessage(nint client, nint userData, MosquittoMessage* message, nint properties) =>
        Of(userData).Arrived?.Invoke(new MqttMessage(
            message->Id,
            Marshal.PtrToStringUTF8(message->Topic) ?? "",
            new ReadOnlySpan<byte>(message->Payload, message->PayloadLength).ToArray(),
            message->Qos,
            message->IsRetained != 0,
            PairsOf(properties)));

    [UnmanagedCallersOnly]
    private static void OnPublish(nint client, nint userData, int id, int reason, nint properties) => Of(userData).Published?.Invoke(id, reason);

    [UnmanagedCallersOnly]
    private static void OnSubscribe(nint client, nint userData, int id, int count, int* granted)
    {
        for (var i = 0; i < count; i++)
            if (granted[i] >= 128) Of(userData).RefusedFilter ??= i;
    }

    private static IReadOnlyList<(string Name, string Value)> PairsOf(nint properties)
    {
        if (properties == 0) return [];
        var pairs = new List<(string, string)>();
        var isLater = false;
        while ((properties = Mosquitto.ReadPair(properties, Mosquitto.PropertyUser, out var name, out var value, isLater)) != 0)
        {
            pairs.Add((Marshal.PtrToStringUTF8(name) ?? "", Marshal.PtrToStringUTF8(value) ?? ""));
            NativeMemory.Free((void*)name);
            NativeMemory.Free((void*)value);
            isLater = true;
        }

        return pairs;
    }

    private void Configure()
    {
        Check(Mosquitto.SetOption(_client, Mosquitto.OptionProtocolVersion, _options.IsVersion5 ? 5 : 4));
        Check(Mosquitto.SetOption(_client, Mosquitto.OptionTcpNoDelay, 1));
        if (_options.User is not null) Check(Mosquitto.SetUser(_client, _options.User, _options.Password));
        if (Server.IsTls && _options.CaFile is null)
        {
            Check(Mosquitto.SetOption(_client, Mosquitto.OptionTlsUseSystemCertificates, 1));
            if (_options.CertificateFile is not null) Check(Mosquitto.SetTls(_client, null, null, _options.CertificateFile, _options.KeyFile, 0));
        }
        else if (Server.IsTls)
        {
            Check(Mosquitto.SetTls(_client, _options.CaFile, null, _options.CertificateFile, _options.KeyFile, 0));
        }

        Mosquitto.OnConnect(_client, &OnConnect);
        Mosquitto.OnMessage(_client, &OnMessage);
        Mosquitto.OnPublish(_client, &OnPublish);
        Mosquitto.OnSubscribe(_client, &OnSubscribe);
    }

    private int SocketOrThrow()
    {
        var socket = Mosquitto.SocketOf(_client);
        return socket >= 0 ? socket : throw new MqttException("The connection was lost.");
    }
}
