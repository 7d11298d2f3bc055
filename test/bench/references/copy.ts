import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PGlite } from '@electric-sql/pglite'

/** PGlite with the memories of a CSV file in a table, which it copies to another CSV file for each request. */
const [path = ''] = process.argv.slice(2)
const database = await PGlite.create()
await database.exec(`create table memory (id text, memory text, user_id text, agent_id text, session_id text, priority text,
  categories json, metadata json, workspace_id text, access_count integer, last_accessed_at timestamptz(3),
  created_at timestamptz(3), updated_at timestamptz(3))`)
await database.query(`copy memory from '/dev/blob' csv header`, [], { blob: new Blob([await readFile(path)]) })
await database.exec('create index on memory (created_at, id); analyze memory')

const server = createServer(async (_request, response) => {
  const { blob } = await database.query(`copy (select * from memory order by created_at, id) to '/dev/blob' csv`)
  if (blob) await writeFile(`${path}.copy`, blob.stream())
  response.end()
})
process.on('disconnect', () => process.exit())
server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
