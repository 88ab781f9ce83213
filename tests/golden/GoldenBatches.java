// Writes record batches by Apache Kafka's own classes, and reads ours by them.
//   java -cp 'KAFKA/libs/*' GoldenBatches.java write DIR    the files of tests/Barnabas.Protocol.Tests/Records/Golden
//   java -cp 'KAFKA/libs/*' GoldenBatches.java verify DIR   every *.batch of DIR holds the records of record(i)
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.*;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.Utils;

public class GoldenBatches {
    static final long BASE_TIMESTAMP = 1_713_763_500_000L;

    static byte[] key(int i) {
        return i % 5 == 0 ? null : i % 5 == 1 ? new byte[0] : ("key-" + i).getBytes(StandardCharsets.UTF_8);
    }

    static byte[] value(int i) {
        return i % 7 == 3 ? null : ("value-" + i + ";").repeat(i % 20).getBytes(StandardCharsets.UTF_8);
    }

    static Header[] headers(int i) {
        Header[] headers = new Header[i % 3];
        if (headers.length > 0) headers[0] = new RecordHeader("h\u00e9ader", ByteBuffer.allocate(4).putInt(i).array());
        if (headers.length > 1) headers[1] = new RecordHeader("", (byte[]) null);
        return headers;
    }

    static long timestamp(int i) {
        return BASE_TIMESTAMP + 13L * i - 1000L * (i % 4);
    }

    static MemoryRecordsBuilder builder(Compression compression, TimestampType type, long baseOffset, long producerId, short epoch,
                                        int sequence, boolean transactional, int leaderEpoch) {
        return new MemoryRecordsBuilder(ByteBuffer.allocate(1024), RecordBatch.MAGIC_VALUE_V2, compression, type, baseOffset,
            type == TimestampType.LOG_APPEND_TIME ? BASE_TIMESTAMP + 99 : -1L, producerId, epoch, sequence, transactional, false,
            leaderEpoch, Integer.MAX_VALUE);
    }

    static ByteBuffer fill(MemoryRecordsBuilder builder, int count) {
        for (int i = 0; i < count; i++)
            builder.append(timestamp(i), key(i), value(i), headers(i));
        return builder.build().buffer();
    }

    static void write(Path dir, String name, ByteBuffer buffer) throws Exception {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        Files.write(dir.resolve(name), bytes);
    }

    static void plain(Path dir, String name, Compression compression, int count) throws Exception {
        write(dir, name + ".batch", fill(builder(compression, TimestampType.CREATE_TIME, 0, -1, (short) -1, -1, false, -1), count));
    }

    static void writeAll(Path dir) throws Exception {
        plain(dir, "none-40", Compression.NONE, 40);
        plain(dir, "gzip-40", Compression.gzip().build(), 40);
        plain(dir, "gzip9-40", Compression.gzip().level(9).build(), 40);
        plain(dir, "snappy-40", Compression.snappy().build(), 40);
        plain(dir, "lz4-40", Compression.lz4().build(), 40);
        plain(dir, "lz4level1-40", Compression.lz4().level(1).build(), 40);
        plain(dir, "lz4level17-40", Compression.lz4().level(17).build(), 40);
        plain(dir, "zstd-40", Compression.zstd().build(), 40);
        plain(dir, "zstdfast-40", Compression.zstd().level(-5).build(), 40);
        plain(dir, "zstd22-40", Compression.zstd().level(22).build(), 40);
        plain(dir, "snappy-2000", Compression.snappy().build(), 2000);
        plain(dir, "lz4-2000", Compression.lz4().build(), 2000);
        plain(dir, "gzip-2000", Compression.gzip().build(), 2000);
        plain(dir, "zstd-2000", Compression.zstd().build(), 2000);
        write(dir, "idempotent.batch", fill(builder(Compression.NONE, TimestampType.CREATE_TIME, 7000, 4711, (short) 3, 2147483640, false, 12), 40));
        write(dir, "transactional.batch", fill(builder(Compression.lz4().build(), TimestampType.CREATE_TIME, 1L << 40, 4711, (short) 3, 17, true, 12), 40));
        write(dir, "logappendtime.batch", fill(builder(Compression.NONE, TimestampType.LOG_APPEND_TIME, 5, -1, (short) -1, -1, false, 2), 40));
        ByteBuffer empty = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        DefaultRecordBatch.writeEmptyHeader(empty, (byte) 2, 4711, (short) 3, 17, 100, 139, 9, TimestampType.CREATE_TIME, BASE_TIMESTAMP, true, false);
        empty.flip();
        write(dir, "empty.bin", empty);
        write(dir, "magic0.bin", legacy((byte) 0));
        write(dir, "magic1.bin", legacy((byte) 1));
        control(dir);
        sizes(dir);
        StringBuilder hashes = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            String text = "murmur-\u00fc-" + "x".repeat(i);
            hashes.append(text).append('\t').append(Utils.murmur2(text.getBytes(StandardCharsets.UTF_8))).append('\n');
        }
        Files.writeString(dir.resolve("murmur2.txt"), hashes.toString());
        byte[] text = "snappy without framing; ".repeat(4000).getBytes(StandardCharsets.UTF_8);
        Files.write(dir.resolve("snappy-raw.bin"), org.xerial.snappy.Snappy.compress(text));
    }

    static ByteBuffer legacy(byte magic) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(512), magic, Compression.NONE, TimestampType.CREATE_TIME, 0L);
        for (int i = 0; i < 3; i++)
            builder.append(timestamp(i), key(i), value(i));
        return builder.build().buffer();
    }

    static void control(Path dir) throws Exception {
        write(dir, "commit.control", MemoryRecords.withEndTransactionMarker(33, BASE_TIMESTAMP, 8, 4711, (short) 3,
            new EndTransactionMarker(ControlRecordType.COMMIT, 21)).buffer());
        write(dir, "abort.control", MemoryRecords.withEndTransactionMarker(33, BASE_TIMESTAMP, 8, 4711, (short) 3,
            new EndTransactionMarker(ControlRecordType.ABORT, 21)).buffer());
        write(dir, "leaderchange.control", MemoryRecords.withLeaderChangeMessage(33, BASE_TIMESTAMP, 8, ByteBuffer.allocate(256),
            new LeaderChangeMessage().setLeaderId(1)
                .setVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(1), new LeaderChangeMessage.Voter().setVoterId(2)))
                .setGrantingVoters(List.of(new LeaderChangeMessage.Voter().setVoterId(1)))).buffer());
        write(dir, "snapshotheader.control", MemoryRecords.withSnapshotHeaderRecord(0, BASE_TIMESTAMP, 8, ByteBuffer.allocate(256),
            new SnapshotHeaderRecord().setLastContainedLogTimestamp(BASE_TIMESTAMP - 5)).buffer());
        write(dir, "snapshotfooter.control", MemoryRecords.withSnapshotFooterRecord(77, BASE_TIMESTAMP, 8, ByteBuffer.allocate(256),
            new SnapshotFooterRecord()).buffer());
        write(dir, "kraftversion.control", MemoryRecords.withKRaftVersionRecord(1, BASE_TIMESTAMP, 8, ByteBuffer.allocate(256),
            new KRaftVersionRecord().setKRaftVersion((short) 1)).buffer());
        VotersRecord.EndpointCollection endpoints = new VotersRecord.EndpointCollection();
        endpoints.add(new VotersRecord.Endpoint().setName("CONTROLLER").setHost("localhost").setPort(9093));
        write(dir, "voters.control", MemoryRecords.withVotersRecord(2, BASE_TIMESTAMP, 8, ByteBuffer.allocate(256),
            new VotersRecord().setVoters(List.of(new VotersRecord.Voter().setVoterId(1).setVoterDirectoryId(new Uuid(1, 2))
                .setEndpoints(endpoints)
                .setKRaftVersionFeature(new VotersRecord.KRaftVersionFeature().setMinSupportedVersion((short) 0).setMaxSupportedVersion((short) 1))))).buffer());
    }

    static void sizes(Path dir) throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            int bound = AbstractRecords.estimateSizeInBytesUpperBound((byte) 2, CompressionType.NONE, key(i), value(i), headers(i));
            text.append(bound).append('\n');
        }
        Files.writeString(dir.resolve("upper-bounds.txt"), text.toString());
    }

    static void verify(Path dir) throws Exception {
        List<Path> files = new ArrayList<>();
        try (var listed = Files.list(dir)) {
            listed.filter(p -> p.toString().endsWith(".batch")).sorted().forEach(files::add);
        }
        int wrong = files.isEmpty() ? 1 : 0;
        for (Path file : files) {
            try {
                int count = 0;
                for (RecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(Files.readAllBytes(file))).batches()) {
                    batch.ensureValid();
                    long last = -1;
                    for (Record record : batch) {
                        int i = count++;
                        last = record.offset();
                        long timestamp = batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : timestamp(i);
                        require(record.offset() == batch.baseOffset() + i, "offset", i);
                        require(record.timestamp() == timestamp, "timestamp", i);
                        require(Arrays.equals(bytes(record.key()), key(i)), "key", i);
                        require(Arrays.equals(bytes(record.value()), value(i)), "value", i);
                        require(Arrays.equals(record.headers(), headers(i)), "headers", i);
                    }
                    require(last == batch.lastOffset(), "last offset", (int) last);
                }
                System.out.println("ok " + file.getFileName() + " " + count);
            } catch (Exception e) {
                wrong++;
                System.out.println("WRONG " + file.getFileName() + " " + e);
            }
        }
        System.exit(wrong == 0 ? 0 : 1);
    }

    static void require(boolean holds, String what, int i) {
        if (!holds) throw new IllegalStateException(what + " of record " + i);
    }

    static byte[] bytes(ByteBuffer buffer) {
        return buffer == null ? null : Utils.toArray(buffer);
    }

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[1]);
        if (args[0].equals("write")) writeAll(Files.createDirectories(dir));
        else verify(dir);
    }
}
