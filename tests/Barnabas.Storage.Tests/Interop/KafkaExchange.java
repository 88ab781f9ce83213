import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.*;

/** What the exchange of directories needs of Apache Kafka's clients: "write" fills a node, "read" checks and counts what it holds. */
public class KafkaExchange {
    static final String[] CODECS = {"none", "gzip", "snappy", "lz4", "zstd"};

    public static void main(String[] args) throws Exception {
        if (args[0].equals("write")) write(args[1]); else read(args[1]);
        System.exit(0);
    }

    static Properties client(String bootstrap) {
        Properties p = new Properties();
        p.put("bootstrap.servers", bootstrap);
        return p;
    }

    static void write(String bootstrap) throws Exception {
        try (Admin admin = Admin.create(client(bootstrap))) {
            List<NewTopic> topics = new ArrayList<>();
            for (String codec : CODECS) topics.add(new NewTopic("codec-" + codec, 1, (short) 1));
            topics.add(new NewTopic("segments", 1, (short) 1).configs(Map.of("segment.bytes", "1048576")));
            topics.add(new NewTopic("transactions", 1, (short) 1));
            admin.createTopics(topics).all().get();
        }
        for (String codec : CODECS)
            try (Producer<String, String> producer = producer(bootstrap, "compression.type", codec)) {
                for (int i = 0; i < 300; i++) producer.send(new ProducerRecord<>("codec-" + codec, "k" + i, "codec-" + codec + "-" + i));
            }
        try (Producer<String, String> producer = producer(bootstrap, "compression.type", "none")) {
            for (int i = 0; i < 400; i++) producer.send(new ProducerRecord<>("segments", "k" + i, "segments-" + i + "-" + "x".repeat(8000)));
        }
        try (Producer<String, String> producer = producer(bootstrap, "transactional.id", "exchange")) {
            producer.initTransactions();
            for (int round = 0, next = 0; round < 3; round++) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) producer.send(new ProducerRecord<>("transactions", "k", round == 1 ? "aborted-" + i : "transactions-" + next++));
                if (round == 1) { producer.flush(); producer.abortTransaction(); } else producer.commitTransaction();
            }
        }
        // A commit is answered before its marker is written, and a coordinator that is killed in between writes it once more.
        try (Admin admin = Admin.create(client(bootstrap))) {
            while (admin.describeTransactions(List.of("exchange")).description("exchange").get().state() != TransactionState.COMPLETE_COMMIT) Thread.sleep(20);
        }
    }

    static Producer<String, String> producer(String bootstrap, String key, String value) {
        Properties p = client(bootstrap);
        p.put("linger.ms", "5");
        p.put(key, value);
        return new KafkaProducer<>(p, new StringSerializer(), new StringSerializer());
    }

    static void read(String bootstrap) throws Exception {
        Properties p = client(bootstrap);
        p.put("isolation.level", "read_committed");
        p.put("auto.offset.reset", "earliest");
        List<TopicPartition> partitions = new ArrayList<>();
        for (String codec : CODECS) partitions.add(new TopicPartition("codec-" + codec, 0));
        partitions.add(new TopicPartition("segments", 0));
        partitions.add(new TopicPartition("transactions", 0));
        // A partition has a leader again only some time after the node answers.
        try (Admin admin = Admin.create(client(bootstrap))) {
            Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
            for (TopicPartition partition : partitions) ends.put(partition, OffsetSpec.latest());
            admin.listOffsets(ends).all().get();
            admin.describeProducers(partitions).all().get().forEach((partition, state) -> state.activeProducers().forEach(
                s -> System.out.println("PRODUCER " + partition + " " + s.producerId() + " " + s.lastSequence())));
        }
        try (Consumer<String, String> consumer = new KafkaConsumer<>(p, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Integer> counts = new HashMap<>();
            while (partitions.stream().anyMatch(x -> consumer.position(x) < ends.get(x)))
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                    int n = counts.merge(partition, 1, Integer::sum) - 1;
                    String expected = record.topic() + "-" + n;
                    if (!record.value().equals(expected) && !record.value().startsWith(expected + "-"))
                        throw new IllegalStateException(partition + "@" + record.offset() + " holds " + record.value() + " instead of " + expected);
                }
            counts.forEach((partition, count) -> System.out.println("READ " + partition + " " + count));
        }
    }
}
