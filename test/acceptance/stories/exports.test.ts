import { expect, it } from 'vitest'
import { headerOf, receive } from '../../harness/raw-socket.ts'
import { testSandbox } from '../../harness/sandbox.ts'
import { arm, consumed } from '../../harness/scripts.ts'

it('an export stays PROCESSING for ten polls and fails; another is cut, then whole, then expired', async () => {
  const sandbox = await testSandbox({ data: { memsolus: { memories: { count: 20 } } } })
  const { memsolus } = sandbox

  await sandbox.control('PUT', '/memsolus/behavior', {
    polls: { pending: 0, processing: 10 },
    outcome: 'fail',
    failure: 'No space left',
  })
  const first = await memsolus.create()
  const statuses: string[] = []
  for (let nth = 0; nth < 12; nth++) statuses.push((await memsolus.get(first.body.id)).body.status)
  expect(statuses).toEqual([...Array(11).fill('PROCESSING'), 'FAILED'])
  const failed = await memsolus.download(first.body.id)
  expect([failed.status, failed.body.error]).toEqual([409, 'EXPORT_NOT_READY'])
  expect(failed.body.message).toContain('No space left')

  await sandbox.control('PUT', '/memsolus/behavior', {})
  const { id } = await memsolus.finished({ format: 'csv' })
  const script = await arm(sandbox, {
    operation: 'memsolus.downloadExport',
    match: { exportId: id },
    steps: [{ truncate: { after: 0.5 } }, { pass: true }, { before: [{ expireExport: {} }] }],
  })
  const download = () =>
    receive(`GET /v1/exports/${id}/download HTTP/1.1`, [
      `X-Api-Key: ${sandbox.view.memsolus.apiKey}`,
      'Connection: close',
    ])
  const [cut, whole, gone] = [await download(), await download(), await download()]
  const length = Number(headerOf(cut, 'content-length'))
  expect(whole.body).toHaveLength(length)
  expect(cut.body).toBe(whole.body.slice(0, Math.floor(length / 2)))
  expect(gone.head).toMatch(/^HTTP\/1\.1 410 /)
  expect(JSON.parse(gone.body)).toMatchObject({ error: 'EXPORT_EXPIRED' })
  expect(await consumed(sandbox, script)).toEqual([1, 1, 1])
  expect((await memsolus.get(id)).body.status).toBe('EXPIRED')
})
