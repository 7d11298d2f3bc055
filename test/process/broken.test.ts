import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import type { ServerProcess } from '../harness/server.ts'

const memories = ({ controlUrl }: ServerProcess) => `${controlUrl}/sandboxes/default/memsolus/memories`

it('a server whose database cannot write its log ends at once, and has all that it answered when it is back', async () => {
  const directory = await testDirectory()
  const first = await testServer(['--data', directory])
  const answered: string[] = []
  const post = async () => {
    const { status, body } = await ask<{ items: { id: string }[] }>(memories(first), {
      method: 'POST',
      body: { count: 200 },
    })
    expect(status).toBe(201)
    answered.push(...body.items.map(({ id }) => id))
    return true
  }
  await post()
  const log = join(directory, 'database', 'pg_wal')
  await rename(log, `${log}.away`)
  // The log may go on in the file that is open, and then needs another one.
  while (await post().catch(refused));
  expect(await first.ended).toBe(1)
  expect(first.log()).toMatch(
    /^sandport: the embedded database has stopped: .*pg_wal.*\. What was answered is kept in .*database; start again.*\.\n$/,
  )

  await rename(`${log}.away`, log)
  const second = await testServer(['--data', directory])
  const known = new Set<string>()
  for (let cursor: string | null = ''; cursor !== null; ) {
    const url: string = `${memories(second)}?limit=1000${cursor && `&cursor=${cursor}`}`
    const { body } = await ask<{ items: { id: string }[]; nextCursor: string | null }>(url)
    for (const { id } of body.items) known.add(id)
    cursor = body.nextCursor
  }
  expect(answered.filter((id) => !known.has(id))).toEqual([])
  expect(await second.stop()).toBe(0)
})

/** Nothing was answered; any answer but the one that is looked for is an error. */
function refused(error: Error): false {
  expect(error).toMatchObject({ name: 'TypeError', message: 'fetch failed' })
  return false
}
