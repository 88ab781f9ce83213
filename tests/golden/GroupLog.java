import java.time.Duration;
import java.util.*;
import org.apache.kafka.clients.admin.*;
import org.apache.kafka.clients.consumer.*;
import org.apache.kafka.clients.producer.*;
import org.apache.kafka.common.TopicPartition;

/**
 * Fills __consumer_offsets of an Apache Kafka broker with every kind of group. Its one segment (offsets.topic.num.partitions=1)
 * is tests/Barnabas.Coordination.Tests/Golden/consumer-offsets.log. Run: java -cp 'KAFKA/libs/*' GroupLog.java localhost:9092
 */
public class GroupLog {
    static Properties base(String server) {
        Properties p = new Properties();
        p.put("bootstrap.servers", server);
        p.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        p.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        p.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        p.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        p.put("auto.offset.reset", "earliest");
        p.put("enable.auto.commit", "false");
        return p;
    }

    static void consume(String server, String group, String protocol, String instance, boolean close) {
        Properties p = base(server);
        p.put("group.id", group);
        p.put("group.protocol", protocol);
        if (instance != null) p.put("group.instance.id", instance);
        KafkaConsumer<String, String> c = new KafkaConsumer<>(p);
        c.subscribe(List.of("sensors"));
        int n = 0;
        for (int i = 0; i < 100 && n < 10; i++) n += c.poll(Duration.ofMillis(200)).count();
        c.commitSync(Map.of(new TopicPartition("sensors", 0), new OffsetAndMetadata(4, Optional.of(0), "note of " + group), new TopicPartition("sensors", 1), new OffsetAndMetadata(6)));
        if (close) c.close();
    }

    public static void main(String[] args) throws Exception {
        String server = args[0];
        Admin admin = Admin.create(base(server));
        admin.createTopics(List.of(new NewTopic("sensors", 2, (short) 1))).all().get();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(base(server))) {
            for (int i = 0; i < 10; i++) producer.send(new ProducerRecord<>("sensors", i < 4 ? 0 : 1, "k" + i, "v" + i)).get();
        }
        consume(server, "classic-left", "classic", null, true);
        consume(server, "classic-deleted", "classic", null, true);
        consume(server, "modern-left", "consumer", null, true);
        consume(server, "classic-stable", "classic", "instance-1", false);
        consume(server, "modern-stable", "consumer", null, false);
        admin.deleteConsumerGroups(List.of("classic-deleted")).all().get();
        admin.alterConsumerGroupOffsets("simple", Map.of(new TopicPartition("sensors", 0), new OffsetAndMetadata(3))).all().get();
        for (boolean commit : new boolean[] {true, false}) {
            Properties p = base(server);
            p.put("transactional.id", "t-" + commit);
            KafkaProducer<String, String> producer = new KafkaProducer<>(p);
            producer.initTransactions();
            producer.beginTransaction();
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition("sensors", 0), new OffsetAndMetadata(commit ? 2 : 1)), new ConsumerGroupMetadata(commit ? "txn-committed" : "txn-aborted"));
            if (commit) producer.commitTransaction(); else producer.abortTransaction();
            producer.close();
        }
        try {
            Properties p = base(server);
            p.remove("auto.offset.reset"); p.remove("enable.auto.commit");
            p.put("group.id", "share");
            KafkaShareConsumer<String, String> c = new KafkaShareConsumer<>(p);
            c.subscribe(List.of("sensors"));
            for (int i = 0; i < 15; i++) c.poll(Duration.ofMillis(200));
        } catch (Exception e) { System.err.println("share: " + e); }
        System.out.println("filled");
        Runtime.getRuntime().halt(0);
    }
}
