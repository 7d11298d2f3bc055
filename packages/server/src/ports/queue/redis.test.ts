import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import Fastify from 'fastify'
import { Redis } from 'ioredis'
import { describe, expect, it, onTestFinished } from 'vitest'
import { queueContract } from './contract.ts'
import { checkRedis, redisQueue } from './redis.ts'

const url = process.env.TEST_REDIS_URL ?? ''
const { log: silent } = Fastify({ logger: false })
const job = { sandboxId: 'sb', exportId: 'e' }

let prefixes = 0

/** A queue under a prefix that goes with the test. `through` is another way to the same Redis. */
async function testQueue(log = silent, through = url) {
  const prefix = `sandport-test-${process.pid}-${prefixes++}`
  const queue = redisQueue(through, { prefix, log })
  onTestFinished(async () => {
    await queue.close()
    const redis = new Redis(url)
    const keys = await redis.keys(`${prefix}:*`)
    if (keys.length > 0) await redis.del(keys)
    await redis.quit()
  })
  return queue
}

/** A way to Redis that can be cut off and opened again. */
async function wayToRedis() {
  const { hostname, port } = new URL(url)
  const sockets = new Set<Socket>()
  const way = createServer((near) => {
    const far = connect(Number(port || 6379), hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          other.destroy()
        })
      socket.pipe(other)
    }
  })
  const open = async (at = 0) => {
    way.listen(at, '127.0.0.1')
    await once(way, 'listening')
  }
  const cut = async () => {
    const closed = once(way, 'close')
    way.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()
  onTestFinished(() => (way.listening ? cut() : undefined))
  const address = way.address()
  const own = typeof address === 'object' ? (address?.port ?? 0) : 0
  const through = new URL(url)
  through.host = `127.0.0.1:${own}`
  return { url: through.href, cut, reopen: () => open(own) }
}

describe.runIf(url)('on Redis', () => {
  queueContract((log) => testQueue(log))

  it('servers with other prefixes see nothing of a queue', async () => {
    const [mine, other] = [await testQueue(), await testQueue()]
    await mine.add(job)
    expect(await mine.count()).toMatchObject({ waiting: 1 })
    expect(await other.count()).toMatchObject({ waiting: 0 })
  })

  it('rejects what is added while Redis is away, and works on once it is back', async () => {
    const way = await wayToRedis()
    const queue = await testQueue(silent, way.url)
    const handled: string[] = []
    const worker = await queue.work(async ({ exportId }) => void handled.push(exportId))
    onTestFinished(() => worker.stop())
    await queue.add({ ...job, exportId: 'before' })
    await expect.poll(() => handled).toEqual(['before'])
    await way.cut()
    await expect(queue.add({ ...job, exportId: 'while' })).rejects.toThrow()
    await expect(queue.ping()).rejects.toThrow()
    await way.reopen()
    await expect
      .poll(
        () =>
          queue.ping().then(
            () => 'well',
            () => 'away',
          ),
        { timeout: 20_000 },
      )
      .toBe('well')
    await queue.add({ ...job, exportId: 'after' })
    await expect.poll(() => handled, { timeout: 20_000 }).toEqual(['before', 'after'])
  }, 60_000)

  it('lets in who may', async () => {
    await checkRedis(url)
  })
})

it('says why Redis cannot be reached', async () => {
  await expect(checkRedis('redis://127.0.0.1:1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
