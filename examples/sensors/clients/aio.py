"""aiokafka: produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT"""
import asyncio
import os
import sys

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


async def produce(bootstrap, topic, rows):
    codec = os.environ.get('CODEC', 'none')
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, enable_idempotence=True, linger_ms=5,
                                compression_type=None if codec == 'none' else codec) as producer:
        sent = []
        with open(rows, 'rb') as lines:
            for line in lines:
                key, value = line.rstrip(b'\n').split(b'\t', 1)
                sent.append(await producer.send(topic, key=key, value=value))
        await asyncio.gather(*sent)


async def consume(bootstrap, topic, group, count):
    left = int(count)
    async with AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset='earliest', enable_auto_commit=False) as consumer:
        while left:
            batches = await asyncio.wait_for(consumer.getmany(timeout_ms=1000, max_records=left), 60)
            for records in batches.values():
                for record in records:
                    sys.stdout.buffer.write(record.key + b'\t' + record.value + b'\n')
                left -= len(records)
        await consumer.commit()


if __name__ == '__main__':
    asyncio.run({'produce': produce, 'consume': consume}[sys.argv[1]](*sys.argv[2:]))
