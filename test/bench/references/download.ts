import { createReadStream } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that does nothing but stream a file. */
const [path = ''] = process.argv.slice(2)
const server = createServer((_request, response) => {
  createReadStream(path).pipe(response)
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
