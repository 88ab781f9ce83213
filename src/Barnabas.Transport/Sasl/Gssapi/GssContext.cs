using System.Runtime.InteropServices;

namespace Barnabas.Transport.Sasl.Gssapi;

/// <summary>A security context under way or made. One call at a time; may be disposed during a call, which then ends first.</summary>
internal sealed unsafe class GssContext() : SafeHandle(0, ownsHandle: true)
{
    private const uint Flags = GssNative.MutualFlag | GssNative.ReplayFlag | GssNative.SequenceFlag | GssNative.IntegrityFlag;

    public override bool IsInvalid => handle == 0;

    /// <summary>Whether both sides have proven themselves.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>The client's principal with its realm, on the server's side once established.</summary>
    public string Source { get; private set; } = "";

    /// <summary>The client's next token; may wait for the key distribution center.</summary>
    /// <exception cref="SaslException">The library refuses.</exception>
    public byte[] Init(GssCredentials credentials, GssName target, ReadOnlyMemory<byte> token) => Call(token.Span, (ref GssNative.Buffer input, ref GssNative.Buffer output) =>
    {
        fixed (GssNative.Buffer* i = &input, o = &output)
        {
            var major = GssNative.Init(out var minor, credentials, ref handle, target, GssLibrary.Kerberos, Flags, 0, 0, i->Length == 0 ? null : i, 0, o, out var flags, 0);
            GssLibrary.Check(major, minor, "No Kerberos context with the node");
            Establish(major, flags);
        }
    });

    /// <summary>The server's answer to a client's token.</summary>
    /// <exception cref="SaslException">The client is not who it says.</exception>
    public byte[] Accept(GssCredentials credentials, ReadOnlyMemory<byte> token) => Call(token.Span, (ref GssNative.Buffer input, ref GssNative.Buffer output) =>
    {
        fixed (GssNative.Buffer* i = &input, o = &output)
        {
            var major = GssNative.AcceptToken(out var minor, ref handle, credentials, i, 0, out var source, 0, o, out var flags, 0, 0);
            using var name = new GssName(source);
            GssLibrary.Check(major, minor, "The client's Kerberos token is not valid");
            if (!name.IsInvalid)
                Source = name.Text;
            Establish(major, flags);
        }
    });

    /// <summary>A message with the proof that it is ours.</summary>
    public byte[] Wrap(ReadOnlySpan<byte> message) => Call(message, (ref GssNative.Buffer input, ref GssNative.Buffer output) =>
    {
        fixed (GssNative.Buffer* i = &input, o = &output)
            GssLibrary.Check(GssNative.Wrap(out var minor, handle, 0, 0, i, out _, o), minor, "The context does not wrap");
    });

    /// <summary>A message of the peer.</summary>
    /// <exception cref="SaslException">It is not the peer's.</exception>
    public byte[] Unwrap(ReadOnlySpan<byte> message) => Call(message, (ref GssNative.Buffer input, ref GssNative.Buffer output) =>
    {
        fixed (GssNative.Buffer* i = &input, o = &output)
            GssLibrary.Check(GssNative.Unwrap(out var minor, handle, i, o, out _, out _), minor, "The peer's message is not valid");
    });

    protected override bool ReleaseHandle() => GssNative.DeleteContext(out _, ref handle, 0) == 0;

    private delegate void Step(ref GssNative.Buffer input, ref GssNative.Buffer output);

    private byte[] Call(ReadOnlySpan<byte> input, Step step)
    {
        var added = false;
        DangerousAddRef(ref added);
        try
        {
            fixed (byte* bytes = input)
            {
                var (i, o) = (new GssNative.Buffer { Length = (nuint)input.Length, Value = bytes }, default(GssNative.Buffer));
                try
                {
                    step(ref i, ref o);
                }
                catch (SaslException)
                {
                    _ = GssLibrary.Take(ref o);
                    throw;
                }
                return GssLibrary.Take(ref o);
            }
        }
        finally
        {
            DangerousRelease();
        }
    }

    private void Establish(uint major, uint flags)
    {
        if ((major & GssNative.ContinueNeeded) != 0)
            return;
        // Without integrity the choice of the layer could be changed on its way.
        if ((flags & GssNative.IntegrityFlag) == 0)
            throw new SaslException("The Kerberos context has no integrity");
        IsEstablished = true;
    }
}
