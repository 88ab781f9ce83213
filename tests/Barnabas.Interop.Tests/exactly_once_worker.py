"""Consume, transform, produce exactly once with librdkafka: worker BOOTSTRAP SOURCE TARGET NAME, see ExactlyOnceWorkers.cs."""
import os
import sys

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

# librdkafka 2.11 and later forgets all brokers when none answers, and now and then waits for ever for one that it forgot.
SURVIVE = {"metadata.recovery.strategy": "none"}


def work(bootstrap, source, target, name):
    consumer = Consumer({
        "bootstrap.servers": bootstrap, "group.id": name, "enable.auto.commit": False, "auto.offset.reset": "earliest",
        "isolation.level": "read_committed", **SURVIVE,
    })
    producer = Producer({"bootstrap.servers": bootstrap, "transactional.id": name, "transaction.timeout.ms": 60000,
                         **SURVIVE})
    producer.init_transactions(60)
    # The id fenced whoever worked before; what it left open is decided now, so the committed offsets are the truth.
    count = len(consumer.list_topics(source, timeout=60).topics[source].partitions)
    partitions = [TopicPartition(source, p) for p in range(count)]
    begin = consumer.committed(partitions, timeout=60)
    for p in begin:
        if p.error:
            raise KafkaException(p.error)
        p.offset = max(p.offset, 0)
    consumer.assign(begin)
    position = {p.partition: p.offset for p in begin}
    end = {p.partition: consumer.get_watermark_offsets(p, timeout=60)[1] for p in partitions}
    while any(position[p] < end[p] for p in end):
        messages = [m for m in consumer.consume(num_messages=100, timeout=1.0) if not m.error()]
        if not messages:
            continue
        producer.begin_transaction()
        for m in messages:
            producer.produce(target, key=m.key(), value=b"done " + m.value())
            position[m.partition()] = m.offset() + 1
        producer.send_offsets_to_transaction(
            [TopicPartition(source, p, o) for p, o in position.items()], consumer.consumer_group_metadata(), 60)
        producer.commit_transaction(60)
        print(len(messages), flush=True)
    consumer.close()


if __name__ == "__main__":
    try:
        work(*sys.argv[1:])
    except KafkaException as e:
        # Started again it goes on where the last committed transaction ended.
        print(f"failed: {e}", file=sys.stderr, flush=True)
        os._exit(1)
