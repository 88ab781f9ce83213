using Barnabas.Protocol.Messages;

namespace Barnabas.Protocol.Tests;

/// <summary>Bytes from peers that mean harm: the decoder refuses them without taking more memory than they justify.</summary>
public class HostileMessageTests
{
    /// <summary>An exception with its stack trace costs some kilobytes however short the message is.</summary>
    private const int FixedAllowance = 64 * 1024;

    /// <summary>The leanest struct on the wire is a few bytes where its object is a few dozen.</summary>
    private const int AllowancePerByte = 64;

    private static readonly byte[][] HugeNumbers =
    [
        [0x7f, 0xff, 0xff, 0xff],
        [0x7f, 0xff],
        [0xff, 0xff, 0xff, 0xff, 0x0f],
        [0xff, 0xff, 0xff, 0xff, 0x07],
        [0x80, 0x80, 0x80, 0x80, 0x08],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];

    [Fact]
    public void A_message_cut_short_at_any_byte_is_malformed()
    {
        foreach (var line in Ends())
        {
            for (var length = 0; length < line.Bytes.Length; length++)
                Assert.True(IsRefused(line, line.Bytes.AsMemory(0, length)), $"{line} cut to {length} bytes");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Changed_bytes_are_read_or_refused_within_bounded_memory(int seed)
    {
        var random = new Random(seed);
        foreach (var line in GoldenFile.Lines)
        {
            for (var round = 0; round < 4 && line.Bytes.Length > 0; round++)
            {
                var changed = line.Bytes.ToArray();
                for (var i = random.Next(1, 4); i > 0; i--)
                    changed[random.Next(changed.Length)] = (byte)random.Next(256);
                AssertBounded(line, changed, $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Huge_numbers_in_any_place_allocate_nothing_for_what_is_not_there()
    {
        foreach (var line in Ends())
        {
            for (var at = 0; at < line.Bytes.Length; at++)
            {
                var number = HugeNumbers[at % HugeNumbers.Length];
                var changed = line.Bytes.ToArray();
                number.AsSpan(0, Math.Min(number.Length, changed.Length - at)).CopyTo(changed.AsSpan(at));
                AssertBounded(line, changed, $"huge number at {at}");
            }
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(5_000_000)]
    public void A_header_of_millions_of_tagged_fields_is_refused_before_they_are_kept(int count)
    {
        using var writer = new MessageWriter(16);
        writer.WriteInt16((short)ApiKey.ApiVersions);
        writer.WriteInt16(3);
        writer.WriteInt32(1);
        writer.WriteNullableString(false, null, "clientId");
        writer.WriteUnsignedVarint((uint)count + 1);
        for (var i = 0; i <= count; i++)
        {
            writer.WriteUnsignedVarint((uint)i);
            writer.WriteUnsignedVarint(0);
        }
        var bytes = writer.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new MessageReader(bytes);
            new RequestHeader().Read(ref reader, 2);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FixedAllowance);
    }

    [Fact]
    public void A_count_larger_than_the_bytes_left_is_refused_before_the_list_is_made()
    {
        using var writer = new MessageWriter();
        writer.WriteInt32(int.MaxValue);
        writer.WriteRaw(new byte[1000]);
        var bytes = writer.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new MessageReader(bytes);
            new MetadataRequest().Read(ref reader, 1);
        });
        Assert.Contains("1000 bytes remaining", problem.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FixedAllowance);
    }

    [Fact]
    public void A_varint_that_never_ends_is_refused()
    {
        Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new MessageReader(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0x01 });
            reader.ReadUnsignedVarint();
        });
        Assert.Throws<MalformedMessageException>(() =>
        {
            var bytes = new byte[11];
            bytes.AsSpan().Fill(0xff);
            var reader = new MessageReader(bytes);
            reader.ReadUnsignedVarlong();
        });
    }

    [Fact]
    public void A_null_where_none_may_be_is_refused_by_the_name_of_its_field()
    {
        var problem = Assert.Throws<MalformedMessageException>(() =>
        {
            var reader = new MessageReader(new byte[] { 0xff, 0xff });
            new HeartbeatRequest().Read(ref reader, 0);
        });
        Assert.Equal("non-nullable field groupId was serialized as null", problem.Message);
    }

    [Fact]
    public void Lists_of_the_leanest_elements_cost_a_bounded_multiple_of_their_bytes()
    {
        foreach (var type in Schemas.All)
        {
            var message = Schemas.New(type);
            foreach (var list in type.GetProperties().Where(property => property.PropertyType is { IsGenericType: true } && property.Name != nameof(IMessage.UnknownTaggedFields)))
                AssertLean(type.Name, message.HighestVersion, list);
        }
    }

    private static void AssertLean(string name, short version, System.Reflection.PropertyInfo property)
    {
        var message = Schemas.New(name);
        if (property.GetValue(message) is not System.Collections.IList list)
            return;
        var element = property.PropertyType.GetGenericArguments()[0];
        for (var i = 0; i < 20_000; i++)
            list.Add(element == typeof(string) ? "" : Activator.CreateInstance(element));
        byte[] bytes;
        try
        {
            bytes = Schemas.Write(message, version);
        }
        catch (UnsupportedVersionException)
        {
            // A list of lower versions alone.
            return;
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(IsRefused(Schemas.New(name), version, bytes));
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= FixedAllowance + ((long)AllowancePerByte * bytes.Length), $"{name}.{property.Name}: {allocated} bytes allocated for {bytes.Length}");
    }

    /// <summary>The lowest and the highest version of every message, with all fields set.</summary>
    private static IEnumerable<GoldenLine> Ends() =>
        GoldenFile.Lines.Where(line => line.Filling == "set").GroupBy(line => line.Message)
            .SelectMany(group => new[] { group.MinBy(line => line.Version)!, group.MaxBy(line => line.Version)! }.Distinct());

    private static void AssertBounded(GoldenLine line, byte[] bytes, string change)
    {
        var message = Schemas.New(line.Message);
        var before = GC.GetAllocatedBytesForCurrentThread();
        IsRefused(message, line.Version, bytes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated <= FixedAllowance + ((long)AllowancePerByte * bytes.Length), $"{line}, {change}: {allocated} bytes allocated for {bytes.Length}");
    }

    private static bool IsRefused(GoldenLine line, ReadOnlyMemory<byte> bytes) => IsRefused(Schemas.New(line.Message), line.Version, bytes);

    /// <summary>Anything but Barnabas' own exception is a failure of the test.</summary>
    private static bool IsRefused(IMessage message, short version, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new MessageReader(bytes);
            message.Read(ref reader, version);
            return false;
        }
        catch (MalformedMessageException)
        {
            return true;
        }
    }
}
