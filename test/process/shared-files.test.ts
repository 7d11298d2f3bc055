import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { PATIENCE } from '../harness/renders.ts'

type Sandbox = { id: string }

/** A server that keeps its files in a directory that the test sees. */
async function serverWithFiles() {
  const directory = await testDirectory()
  const { controlUrl } = await testServer(['--data', directory])
  return {
    call: <T = unknown>(method: string, path: string, body?: unknown) =>
      ask<T>(`${controlUrl}/sandboxes${path}`, { method, body }),
    countFiles: async () => (await readdir(join(directory, 'files'))).length,
  }
}

it('a file is on the disk for as long as a sandbox, a clone or a snapshot refers to it', async () => {
  const { call, countFiles } = await serverWithFiles()
  const { body: sandbox } = await call<Sandbox>('POST', '', { clock: { frozen: true } })
  const own = `/${sandbox.id}`
  await call('POST', `${own}/memsolus/exports`, { status: 'READY' })
  await call('POST', `${own}/snapshots`, { name: 'a' })
  await call('POST', `${own}/snapshots`, { name: 'b' })
  const { body: clone } = await call<Sandbox>('POST', `${own}/clone`)
  expect(await countFiles()).toBe(1)

  await call('POST', `${own}/clock/advance`, { by: '72h' })
  await call('DELETE', `${own}/snapshots/a`)
  await call('POST', `/${clone.id}/reset`)
  expect(await countFiles()).toBe(1)
  await call('POST', `${own}/snapshots/b/restore`)
  await call('DELETE', `${own}/snapshots/b`)
  expect(await countFiles()).toBe(1)
  await call('POST', `${own}/clock/advance`, { by: '72h' })
  expect(await countFiles()).toBe(0)
})

it('a deleted sandbox takes the files that only its snapshots referred to', async () => {
  const { call, countFiles } = await serverWithFiles()
  const { body: sandbox } = await call<Sandbox>('POST', '', { group: 'mine', clock: { frozen: true } })
  const own = `/${sandbox.id}`
  await call('POST', `${own}/memsolus/exports`, { status: 'READY' })
  await call('POST', `${own}/snapshots`, { name: 'a' })
  await call('POST', `${own}/clock/advance`, { by: '72h' })
  expect(await countFiles()).toBe(1)
  expect((await call('DELETE', '?group=mine')).body).toEqual({ deleted: 1 })
  expect(await countFiles()).toBe(0)
})

it('an expired sandbox is swept with its files', async () => {
  const { call, countFiles } = await serverWithFiles()
  const { body: sandbox } = await call<Sandbox>('POST', '', { ttl: '3s' })
  await call('POST', `/${sandbox.id}/memsolus/exports`, { status: 'READY' })
  await call('POST', `/${sandbox.id}/snapshots`, { name: 'a' })
  expect(await countFiles()).toBe(1)
  await expect.poll(countFiles, PATIENCE).toBe(0)
  expect((await call('GET', `/${sandbox.id}`)).status).toBe(404)
})
