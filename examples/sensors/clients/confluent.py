"""confluent-kafka: produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT"""
import os
import sys
import time

from confluent_kafka import Consumer, Producer


def produce(bootstrap, topic, rows):
    producer = Producer({'bootstrap.servers': bootstrap, 'enable.idempotence': True, 'linger.ms': 5,
                         'compression.type': os.environ.get('CODEC', 'none')})
    failed = []

    def delivered(error, _):
        if error:
            failed.append(error)

    with open(rows, 'rb') as lines:
        for line in lines:
            key, value = line.rstrip(b'\n').split(b'\t', 1)
            while True:
                try:
                    producer.produce(topic, value, key, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
    left = producer.flush(60)
    if left or failed:
        sys.exit(f'{left} records never acknowledged, {len(failed)} failed: {failed[:1]}')


def consume(bootstrap, topic, group, count):
    consumer = Consumer({'bootstrap.servers': bootstrap, 'group.id': group, 'auto.offset.reset': 'earliest', 'enable.auto.commit': False})
    consumer.subscribe([topic])
    left, deadline = int(count), time.time() + 60
    while left and time.time() < deadline:
        for message in consumer.consume(min(left, 1000), 1.0):
            if message.error():
                sys.exit(str(message.error()))
            sys.stdout.buffer.write(message.key() + b'\t' + message.value() + b'\n')
            left -= 1
    consumer.commit(asynchronous=False)
    consumer.close()


if __name__ == '__main__':
    {'produce': produce, 'consume': consume}[sys.argv[1]](*sys.argv[2:])
