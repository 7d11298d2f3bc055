import { expect, it } from 'vitest'
import type { Memory } from '../../harness/memsolus.ts'
import { testSandbox } from '../../harness/sandbox.ts'

/** A sandbox whose exports are rendered when told to, and the memories `kept`, `changed` and `deleted` in it. */
async function heldSandbox() {
  const clock = { now: '2026-03-01T00:00:00Z', frozen: true }
  const sandbox = await testSandbox({ clock, data: { memsolus: { behavior: { hold: 'PENDING' } } } })
  await sandbox.addMemories({
    items: [
      { id: 'kept', user_id: 'u', created_at: '2026-02-01T00:00:00Z' },
      { id: 'changed', user_id: 'u', memory: 'old', created_at: '2026-02-02T00:00:00Z' },
      { id: 'deleted', user_id: 'u', created_at: '2026-02-03T00:00:00Z' },
    ],
  })
  const released = async (exportId: string) => {
    await sandbox.control('POST', `/memsolus/exports/${exportId}/release`)
    await sandbox.advance('0s')
    return JSON.parse((await sandbox.memsolus.download(exportId)).text) as Memory[]
  }
  return { ...sandbox, released }
}

it('M-CREATE-8c memories added after the export was created are not in it, whatever their created_at says', async () => {
  const { memsolus, addMemories, advance, released } = await heldSandbox()
  const { id } = (await memsolus.create()).body
  await addMemories({ items: [{ id: 'older', created_at: '2020-01-01T00:00:00Z' }, { id: 'now' }] })
  await advance('1h')
  await addMemories({ items: [{ id: 'between', created_at: '2026-02-02T12:00:00Z' }, { id: 'later' }] })
  expect((await released(id)).map((memory) => memory.id)).toEqual(['kept', 'changed', 'deleted'])
  const { id: next } = (await memsolus.create()).body
  const ids = (await released(next)).map((memory) => memory.id)
  expect(ids).toEqual(['older', 'kept', 'changed', 'between', 'deleted', 'now', 'later'])
})

it('M-CREATE-8c changes and deletions before it is rendered are in it', async () => {
  const { memsolus, control, released } = await heldSandbox()
  const { id } = (await memsolus.create()).body
  await control('PATCH', '/memsolus/memories/changed', { memory: 'new' })
  await control('DELETE', '/memsolus/memories/deleted')
  const memories = await released(id)
  expect(memories.map((memory) => memory.id)).toEqual(['kept', 'changed'])
  expect(memories[1]?.memory).toBe('new')
})

it('M-CREATE-8c a change decides anew whether a memory matches the filters', async () => {
  const { memsolus, control, released } = await heldSandbox()
  const { id } = (await memsolus.create({ user_id: 'u' })).body
  const { id: other } = (await memsolus.create({ user_id: 'v' })).body
  await control('PATCH', '/memsolus/memories/changed', { user_id: 'v' })
  expect((await released(id)).map((memory) => memory.id)).toEqual(['kept', 'deleted'])
  expect((await released(other)).map((memory) => memory.id)).toEqual(['changed'])
})

it('M-CREATE-8c a memory that was deleted and added again is a new one', async () => {
  const { memsolus, control, addMemories, released } = await heldSandbox()
  const { id } = (await memsolus.create()).body
  await control('DELETE', '/memsolus/memories/kept')
  await addMemories({ id: 'kept', created_at: '2026-02-01T00:00:00Z' })
  expect((await released(id)).map((memory) => memory.id)).toEqual(['changed', 'deleted'])
})

it('M-CREATE-8c M-FILE-5c what changes after it is rendered is not in it', async () => {
  const { memsolus, control, released } = await heldSandbox()
  const { id } = (await memsolus.create()).body
  const rendered = await released(id)
  await control('PATCH', '/memsolus/memories/changed', { memory: 'new' })
  await control('DELETE', '/memsolus/memories/deleted')
  expect((await memsolus.download(id)).body).toEqual(rendered)
})
