// kafkajs: produce BOOTSTRAP TOPIC ROWS | consume BOOTSTRAP TOPIC GROUP COUNT
import { readFileSync, writeSync } from 'node:fs'
import kafkajs from 'kafkajs'

const { Kafka, CompressionTypes, logLevel } = kafkajs
const [verb, bootstrap, topic, third, count] = process.argv.slice(2)
const kafka = new Kafka({ brokers: [bootstrap], clientId: 'sensors', logLevel: logLevel.ERROR })

async function produce() {
  const messages = readFileSync(third, 'utf8').trimEnd().split('\n').map(line => {
    const tab = line.indexOf('\t')
    return { key: line.slice(0, tab), value: line.slice(tab + 1) }
  })
  const producer = kafka.producer({ idempotent: true, createPartitioner: kafkajs.Partitioners.DefaultPartitioner })
  await producer.connect()
  for (let at = 0; at < messages.length; at += 1000) {
    await producer.send({ topic, acks: -1, messages: messages.slice(at, at + 1000), compression: process.env.CODEC === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None })
  }
  await producer.disconnect()
}

async function consume() {
  let left = Number(count)
  const consumer = kafka.consumer({ groupId: third, maxWaitTimeInMs: 200 })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await new Promise((done, failed) => {
    consumer.on(consumer.events.CRASH, event => failed(event.payload.error))
    consumer.run({
      eachBatch: async ({ batch, resolveOffset, commitOffsetsIfNecessary }) => {
        let text = ''
        for (const message of batch.messages) {
          text += `${message.key}\t${message.value}\n`
          resolveOffset(message.offset)
        }
        for (let bytes = Buffer.from(text); bytes.length;) bytes = bytes.subarray(writeAll(bytes))
        await commitOffsetsIfNecessary()
        left -= batch.messages.length
        if (left <= 0) done()
      },
    })
  })
  await consumer.disconnect()
}

// A pipe that is full for the moment answers EAGAIN; its reader is on the way.
function writeAll(bytes) {
  try {
    return writeSync(1, bytes)
  } catch (error) {
    if (error.code === 'EAGAIN') return 0
    throw error
  }
}

await { produce, consume }[verb]()
