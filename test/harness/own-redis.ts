import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { onTestFinished } from 'vitest'

/** A Redis of a test's own, which keeps nothing when it ends; it ends with the test. */
export async function ownRedis() {
  const port = await freePort()
  let server = await startRedis(port)
  onTestFinished(() => server.end())
  return {
    url: `redis://127.0.0.1:${port}`,
    /** Ends it, and starts it again with nothing in it. */
    async restart(): Promise<void> {
      await server.end()
      server = await startRedis(port)
    },
  }
}

async function startRedis(port: number) {
  const child = spawn(
    'redis-server',
    ['--bind', '127.0.0.1', '--port', `${port}`, '--save', '', '--appendonly', 'no'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const ended = once(child, 'exit').then(() => void process.off('exit', kill))
  const lines = createInterface(child.stdout)
  const ready = new Promise<void>((resolve) => {
    lines.on('line', (line) => line.includes('Ready to accept connections') && resolve())
  })
  const early = ended.then(() => {
    throw new Error('redis-server ended before it was ready')
  })
  await Promise.race([ready, early])
  early.catch(() => {})
  return {
    async end(): Promise<void> {
      kill()
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
