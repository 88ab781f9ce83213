"""kafka-python (2 from Debian, 3 from PyPI): produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT"""
import os
import sys

from kafka import KafkaConsumer, KafkaProducer


def produce(bootstrap, topic, rows):
    codec = os.environ.get('CODEC', 'none')
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks='all', linger_ms=5, compression_type=None if codec == 'none' else codec)
    sent = []
    with open(rows, 'rb') as lines:
        for line in lines:
            key, value = line.rstrip(b'\n').split(b'\t', 1)
            sent.append(producer.send(topic, key=key, value=value))
    producer.flush(60)
    for future in sent:
        future.get(30)
    producer.close()


def consume(bootstrap, topic, group, count):
    consumer = KafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset='earliest', consumer_timeout_ms=60000)
    left = int(count)
    for record in consumer:
        sys.stdout.buffer.write(record.key + b'\t' + record.value + b'\n')
        left -= 1
        if left == 0:
            break
    consumer.commit()
    consumer.close()


if __name__ == '__main__':
    {'produce': produce, 'consume': consume}[sys.argv[1]](*sys.argv[2:])
