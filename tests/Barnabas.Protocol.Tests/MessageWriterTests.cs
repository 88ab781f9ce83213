using System.Buffers.Binary;
using Barnabas.Protocol.Messages;

namespace Barnabas.Protocol.Tests;

public class MessageWriterTests
{
    [Fact]
    public void Large_records_become_a_segment_of_their_own_without_a_copy()
    {
        var records = new byte[100_000];
        Random random = new(7);
        random.NextBytes(records);
        var response = new FetchResponse
        {
            Responses =
            [
                new() { Topic = "a", Partitions = [new() { PartitionIndex = 0, Records = records }, new() { PartitionIndex = 1, Records = records.AsMemory(0, 10) }] },
            ],
        };
        using var writer = new MessageWriter();
        var mark = writer.BeginFrame();
        response.Write(writer, 11);
        writer.EndFrame(mark);

        Assert.Equal(3, writer.Segments.Count);
        Assert.True(writer.Segments[1].Span == records.AsSpan());
        var all = writer.ToArray();
        Assert.Equal(all.Length - 4, BinaryPrimitives.ReadInt32BigEndian(all));
        var reader = new MessageReader(all.AsMemory(4));
        var read = new FetchResponse();
        read.Read(ref reader, 11);
        Assert.Equal(records, read.Responses[0].Partitions[0].Records!.Value.ToArray());
        Assert.Equal(10, read.Responses[0].Partitions[1].Records!.Value.Length);
    }

    [Fact]
    public void Frames_after_one_another_count_their_own_bytes_alone()
    {
        using var writer = new MessageWriter(16);
        for (var i = 0; i < 3; i++)
        {
            var mark = writer.BeginFrame();
            writer.WriteRecords(false, new byte[MessageWriter.SpliceThreshold + i]);
            writer.EndFrame(mark);
        }
        var bytes = writer.ToArray().AsSpan();
        for (var i = 0; i < 3; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes);
            Assert.Equal(4 + MessageWriter.SpliceThreshold + i, length);
            bytes = bytes[(4 + length)..];
        }
        Assert.True(bytes.IsEmpty);
    }

    [Fact]
    public void A_reset_writer_starts_over()
    {
        using var writer = new MessageWriter();
        writer.WriteRecords(false, new byte[MessageWriter.SpliceThreshold]);
        writer.Reset();
        writer.WriteInt16(258);
        Assert.Equal([1, 2], writer.ToArray());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(127, 1)]
    [InlineData(128, 2)]
    [InlineData(16_384, 3)]
    [InlineData(2_097_152, 4)]
    public void A_tagged_field_of_any_size_carries_its_size(int size, int bytesOfSize)
    {
        using var writer = new MessageWriter(16);
        writer.WriteInt8(1);
        var mark = writer.BeginTag(5);
        writer.WriteRaw(new byte[size]);
        writer.EndTag(mark);
        Assert.Equal(1 + 1 + bytesOfSize + size, writer.WrittenLength);
        var reader = new MessageReader(writer.ToArray());
        reader.ReadInt8();
        Assert.Equal(5, reader.ReadTag(out var end));
        Assert.Equal(size, end - reader.Position);
    }

    [Fact]
    public void A_splice_behind_a_growing_tag_size_moves_with_it()
    {
        using var writer = new MessageWriter();
        var mark = writer.BeginTag(1);
        var records = new byte[MessageWriter.SpliceThreshold];
        records.AsSpan().Fill(9);
        writer.WriteRecords(true, records);
        writer.EndTag(mark);
        var reader = new MessageReader(writer.ToArray());
        reader.ReadTag(out var end);
        Assert.Equal(records, reader.ReadBytes(true, "records").ToArray());
        Assert.Equal(end, reader.Position);
    }

    [Fact]
    public void A_string_of_more_than_32767_bytes_is_refused()
    {
        var request = new HeartbeatRequest { GroupId = new string('g', 32_768) };
        Assert.Throws<MessageEncodingException>(() => Schemas.Write(request, 4));
    }

    [Fact]
    public void A_null_where_the_version_allows_none_is_refused()
    {
        Assert.Throws<MessageEncodingException>(() => Schemas.Write(new OffsetFetchRequest { Topics = null }, 1));
        Assert.Equal(4, Schemas.Write(new OffsetFetchRequest { Topics = null, GroupId = "" }, 2).Length - 2);
    }

    [Fact]
    public void A_value_that_the_version_cannot_carry_is_refused_unless_it_may_be_lost()
    {
        var problem = Assert.Throws<UnsupportedVersionException>(() => Schemas.Write(new ProduceRequest { TransactionalId = "t" }, 2));
        Assert.Equal("Attempted to write a non-default transactionalId at version 2", problem.Message);
        Assert.NotEmpty(Schemas.Write(new FetchRequest { RackId = "r" }, 10));
    }

    [Fact]
    public void A_version_outside_the_schema_is_refused()
    {
        Assert.Throws<UnsupportedVersionException>(() => Schemas.Write(new FetchRequest(), 19));
        Assert.Throws<UnsupportedVersionException>(() =>
        {
            var reader = new MessageReader(new byte[100]);
            new FetchRequest().Read(ref reader, -1);
        });
    }

    [Fact]
    public void Unknown_tagged_fields_need_a_flexible_version()
    {
        var request = new HeartbeatRequest { UnknownTaggedFields = [new RawTaggedField(3, new byte[] { 1 })] };
        Assert.NotEmpty(Schemas.Write(request, 4));
        Assert.Throws<UnsupportedVersionException>(() => Schemas.Write(request, 3));
    }
}
