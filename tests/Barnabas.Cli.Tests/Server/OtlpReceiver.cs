using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Google.Protobuf;

namespace Barnabas.Cli.Tests.Server;

/// <summary>An OpenTelemetry collector's HTTP side: takes what is posted and gives it out as protocol buffers' fields.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpListener _listener = new();
    private readonly Channel<(string Path, Field Root)> _posts = Channel.CreateUnbounded<(string, Field)>();
    private readonly Task _serving;

    public OtlpReceiver()
    {
        // A listener of HTTP cannot choose a free port itself.
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            Endpoint = new Uri($"http://localhost:{((IPEndPoint)free.LocalEndpoint).Port}/");
        }
        _listener.Prefixes.Add(Endpoint.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The next post to a path that satisfies the condition.</summary>
    public async Task<Field> WaitAsync(string path, Func<Field, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var post in _posts.Reader.ReadAllAsync(patience.Token))
        {
            if (post.Path == path && condition(post.Root))
                return post.Root;
        }
        throw new InvalidOperationException("the receiver was closed");
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
                Assert.Equal("application/x-protobuf", context.Request.ContentType);
                _posts.Writer.TryWrite((context.Request.Url!.AbsolutePath, new Field(0, body.ToArray(), 0)));
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            _posts.Writer.TryComplete();
        }
    }

    /// <summary>A field of a message: bytes, which may be text or another message, or a number.</summary>
    internal sealed record Field(int Number, byte[] Bytes, ulong Value)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);

        /// <summary>The fields of that number in this message.</summary>
        public IEnumerable<Field> All(int number)
        {
            var input = new CodedInputStream(Bytes);
            for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
            {
                var field = WireFormat.GetTagWireType(tag) switch
                {
                    WireFormat.WireType.LengthDelimited => new Field(WireFormat.GetTagFieldNumber(tag), input.ReadBytes().ToByteArray(), 0),
                    WireFormat.WireType.Varint => new Field(WireFormat.GetTagFieldNumber(tag), [], input.ReadUInt64()),
                    WireFormat.WireType.Fixed64 => new Field(WireFormat.GetTagFieldNumber(tag), [], input.ReadFixed64()),
                    _ => new Field(WireFormat.GetTagFieldNumber(tag), [], input.ReadFixed32()),
                };
                if (field.Number == number)
                    yield return field;
            }
        }

        /// <summary>The fields at the end of a path of numbers.</summary>
        public IEnumerable<Field> At(params int[] path) => path.Aggregate<int, IEnumerable<Field>>([this], (fields, number) => fields.SelectMany(field => field.All(number)));
    }
}
