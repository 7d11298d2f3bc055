import { readFile } from 'node:fs/promises'
import Fastify from 'fastify'

/** A Fastify route that does nothing but send the bytes of a file, which it has read before. */
const [path = ''] = process.argv.slice(2)
const bytes = await readFile(path)
const app = Fastify()
app.get('/', async (_request, reply) => {
  reply.header('content-type', 'application/json; charset=utf-8')
  return bytes
})
process.on('disconnect', () => process.exit())
process.send?.(await app.listen({ port: 0, host: '127.0.0.1' }))
