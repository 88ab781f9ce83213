import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;

/**
 * GroupsWorker BOOTSTRAP STATE_FOLDER, see GroupsUnderKills.cs: one process with two members of a share group, two of a consumer group of KIP-848
 * and a streams group of KIP-1071, all of Apache Kafka's client, and a producer that feeds them. It prints a line for all that they are told;
 * "describe" on its input prints the groups, "finish" ends the producer, waits until the groups are through and ends.
 */
public class GroupsWorker {
    private static final int PARTITIONS = 2;
    private static final String[] TOPICS = {"shared", "read", "streamed"};
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static volatile boolean producing = true, reading = true;

    public static void main(String[] args) {
        try {
            run(args[0], args[1]);
        } catch (Throwable failure) {
            failure.printStackTrace();
            // The other threads would go on.
            System.exit(1);
        }
    }

    private static void run(String bootstrap, String folder) throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(topic("shared"), topic("read"), topic("streamed"), topic("streamed-out"))).all().get();
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, "sharers"),
                List.of(new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET)))).all().get();
            Thread producer = start(threads, () -> produce(bootstrap));
            for (int i = 0; i < 2; i++) {
                start(threads, () -> share(bootstrap));
                start(threads, () -> read(bootstrap));
            }
            try (KafkaStreams streams = streams(bootstrap, folder); BufferedReader input = new BufferedReader(new InputStreamReader(System.in))) {
                streams.start();
                for (String command; !"finish".equals(command = input.readLine());) {
                    if (command == null)
                        System.exit(1);
                    describe(admin);
                }
                producing = false;
                producer.join();
                await(admin);
                reading = false;
                for (Thread thread : threads)
                    thread.join();
            }
            readOutput(bootstrap);
            say("finished");
        }
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, PARTITIONS, (short) 1);
    }

    private static synchronized void say(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words)
            line.append(line.length() == 0 ? "" : " ").append(word);
        System.out.println(line);
    }

    private static Thread start(List<Thread> threads, Runnable work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (Throwable failure) {
                failure.printStackTrace();
                System.exit(1);
            }
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    private static void produce(String bootstrap) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "delivery.timeout.ms", "60000", "request.timeout.ms", "5000", "linger.ms", "0");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            int next = 0;
            while (producing) {
                for (int i = 0; i < 8; i++, next++)
                    for (String topic : TOPICS)
                        producer.send(new ProducerRecord<>(topic, next % PARTITIONS, null, Integer.toString(next)), (metadata, failure) -> {
                            if (failure != null)
                                say("unwritten", failure);
                        });
                pause(10);
            }
            producer.flush();
            say("produced", next);
        }
    }

    /** Accepts all, but gives back each fifth record the first time it comes. */
    private static void share(String bootstrap) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "group.id", "sharers", "share.acknowledgement.mode", "explicit", "max.poll.records", "20");
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("shared"));
            while (reading) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(200));
                Map<TopicPartition, List<String>> told = new HashMap<>();
                for (ConsumerRecord<String, String> record : records) {
                    int count = record.deliveryCount().get();
                    boolean accepts = count > 1 || Integer.parseInt(record.value()) % 5 != 0;
                    say("got", record.value(), count);
                    consumer.acknowledge(record, accepts ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
                    told.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>()).add((accepts ? "accepted " : "released ") + record.value());
                }
                for (Map.Entry<TopicIdPartition, Optional<KafkaException>> answer : consumer.commitSync().entrySet())
                    for (String words : told.getOrDefault(answer.getKey().topicPartition(), List.of()))
                        say(answer.getValue().isEmpty() ? words : "unanswered " + words + " " + answer.getValue().get().getClass().getSimpleName());
            }
        }
    }

    private static void read(String bootstrap) {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", bootstrap, "group.id", "readers", "group.protocol", "consumer", "enable.auto.commit", "false", "auto.offset.reset", "earliest", "max.poll.records", "20");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("read"), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    say("assigned", partitions);
                }

                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                    say("revoked", partitions);
                }

                @Override
                public void onPartitionsLost(Collection<TopicPartition> partitions) {
                    say("lost", partitions);
                }
            });
            while (reading) {
                Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    say("read", record.partition(), record.offset());
                    next.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
                if (next.isEmpty())
                    continue;
                consumer.commitSync(next, PATIENCE);
                next.forEach((partition, offset) -> say("committed", partition.partition(), offset.offset()));
            }
        }
    }

    private static KafkaStreams streams(String bootstrap, String folder) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream("streamed").mapValues(value -> "done " + value).to("streamed-out");
        Properties settings = new Properties();
        settings.putAll(Map.of(
            "bootstrap.servers", bootstrap, "application.id", "streamers", "group.protocol", "streams", "commit.interval.ms", "100", "state.dir", folder,
            "default.key.serde", Serdes.StringSerde.class.getName(), "default.value.serde", Serdes.StringSerde.class.getName()));
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        streams.setStateListener((now, before) -> say("streams", now));
        return streams;
    }

    /** "describing", a line for each group that is there, with its epoch and its members with theirs, and one for each committed offset; then "described". */
    private static void describe(Admin admin) throws Exception {
        say("describing");
        tell(admin.describeShareGroups(List.of("sharers")).all(), group -> line(group.groupId(), group.groupState(), group.groupEpoch(),
            group.members().stream().map(member -> member.consumerId() + "=" + member.memberEpoch())));
        tell(admin.describeConsumerGroups(List.of("readers")).all(), group -> line(group.groupId(), group.groupState(), group.groupEpoch().get(),
            group.members().stream().map(member -> member.consumerId() + "=" + member.memberEpoch().get())));
        tell(admin.describeStreamsGroups(List.of("streamers")).all(), group -> line(group.groupId(), group.groupState(), group.groupEpoch(),
            group.members().stream().map(member -> member.memberId() + "=" + member.memberEpoch())));
        admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get().forEach((partition, offset) -> say("offset", partition.partition(), offset.offset()));
        say("described");
    }

    private static <T> void tell(KafkaFuture<Map<String, T>> described, Consumer<T> line) throws Exception {
        try {
            described.get().values().forEach(line);
        } catch (ExecutionException e) {
            // Its members have not joined yet.
            if (!(e.getCause() instanceof GroupIdNotFoundException))
                throw e;
        }
    }

    private static void line(String name, Object state, int epoch, Stream<String> members) {
        say("group", name, state, epoch, members.sorted().collect(Collectors.joining(" ")));
    }

    /** Waits until no group has anything left to do. */
    private static void await(Admin admin) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (String left; !(left = left(admin)).isEmpty(); pause(50))
            if (System.nanoTime() > end)
                throw new IllegalStateException("not through: " + left);
    }

    private static String left(Admin admin) throws Exception {
        Map<TopicPartition, SharePartitionOffsetInfo> shares = admin.listShareGroupOffsets(Map.of("sharers", new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo("sharers").get();
        Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>(admin.listConsumerGroupOffsets("readers").partitionsToOffsetAndMetadata().get());
        done.putAll(admin.listConsumerGroupOffsets("streamers").partitionsToOffsetAndMetadata().get());
        Map<TopicPartition, OffsetSpec> all = new HashMap<>();
        for (String topic : TOPICS)
            for (int i = 0; i < PARTITIONS; i++)
                all.put(new TopicPartition(topic, i), OffsetSpec.latest());
        return admin.listOffsets(all).all().get().entrySet().stream()
            .map(entry -> left(entry.getKey(), entry.getValue().offset(), done.get(entry.getKey()), shares.get(entry.getKey())))
            .filter(left -> !left.isEmpty()).collect(Collectors.joining(", "));
    }

    private static String left(TopicPartition partition, long end, OffsetAndMetadata committed, SharePartitionOffsetInfo share) {
        boolean isDone = share != null ? share.lag().equals(Optional.of(0L)) : committed != null && committed.offset() == end;
        return isDone ? "" : partition + " of " + end + " at " + (share != null ? share : committed);
    }

    private static void readOutput(String bootstrap) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("streamed-out").stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p)))
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200)))
                    say("out", record.value());
        }
    }

    private static void pause(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }
}
