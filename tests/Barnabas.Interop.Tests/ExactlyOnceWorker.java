import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Consume, transform, produce exactly once with Apache Kafka's client: ExactlyOnceWorker BOOTSTRAP SOURCE TARGET NAME, see ExactlyOnceWorkers.cs. */
public class ExactlyOnceWorker {
    public static void main(String[] args) {
        String bootstrap = args[0], source = args[1], target = args[2], name = args[3];
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                 Map.of("bootstrap.servers", bootstrap, "transactional.id", name), new StringSerializer(), new StringSerializer());
             KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                 Map.of("bootstrap.servers", bootstrap, "group.id", name, "enable.auto.commit", "false", "auto.offset.reset", "earliest",
                     "isolation.level", "read_committed", "max.poll.records", "100"),
                 new StringDeserializer(), new StringDeserializer())) {
            producer.initTransactions();
            List<TopicPartition> partitions = consumer.partitionsFor(source).stream().map(p -> new TopicPartition(source, p.partition())).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
                int count = 0;
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    if (count++ == 0)
                        producer.beginTransaction();
                    producer.send(new ProducerRecord<>(target, record.key(), "done " + record.value()));
                    next.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
                if (count == 0)
                    continue;
                producer.sendOffsetsToTransaction(next, consumer.groupMetadata());
                producer.commitTransaction();
                System.out.println(count);
            }
        }
    }
}
