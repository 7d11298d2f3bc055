import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'
import { arm, consumed, type Script } from '../../harness/scripts.ts'

const operation = 'syft.exportRuns'

/** The statuses of so many pages, one after the other. */
async function statuses(sandbox: Awaited<ReturnType<typeof testSandbox>>, count: number): Promise<number[]> {
  const found: number[] = []
  for (let nth = 0; nth < count; nth++) found.push((await sandbox.syft.page()).status)
  return found
}

describe('steps', () => {
  it('are taken one a request, in order, and then the API answers again', async () => {
    const sandbox = await testSandbox()
    const steps = [{ respond: { status: 500 } }, { pass: true }, { respond: { status: 503 } }]
    const id = await arm(sandbox, { operation, steps })
    expect(await statuses(sandbox, 5)).toEqual([500, 200, 503, 200, 200])
    expect(await consumed(sandbox, id)).toEqual([1, 1, 1])
  })

  it('are taken so many times, and all of them again where they repeat', async () => {
    const sandbox = await testSandbox()
    const steps = [{ respond: { status: 500 }, times: 2 }, { pass: true }]
    const id = await arm(sandbox, { operation, steps, repeat: 2 })
    expect(await statuses(sandbox, 5)).toEqual([500, 500, 200, 500, 500])
    const { body } = await sandbox.control<Script>('GET', `/scripts/${id}`)
    expect(body).toMatchObject({ spent: false, repeat: 2 })
    expect(body.steps.map(({ consumed, remaining }) => [consumed, remaining])).toEqual([
      [4, 0],
      [1, 1],
    ])
    expect(await statuses(sandbox, 3)).toEqual([200, 200, 200])
    expect((await sandbox.control<Script>('GET', `/scripts/${id}`)).body.spent).toBe(true)
  })

  it('repeat without end, until the script is deleted', async () => {
    const sandbox = await testSandbox()
    const id = await arm(sandbox, { operation, steps: [{ respond: { status: 500 } }, { pass: true }], repeat: true })
    expect(await statuses(sandbox, 5)).toEqual([500, 200, 500, 200, 500])
    const { body } = await sandbox.control<Script>('GET', `/scripts/${id}`)
    expect(body.steps.map(({ consumed, remaining }) => [consumed, remaining])).toEqual([
      [3, null],
      [2, null],
    ])
    expect((await sandbox.control('DELETE', `/scripts/${id}`)).status).toBe(204)
    expect(await statuses(sandbox, 2)).toEqual([200, 200])
    expect((await sandbox.control('DELETE', `/scripts/${id}`)).body).toMatchObject({ error: 'SCRIPT_NOT_FOUND' })
  })

  it('are those of the oldest script with any left', async () => {
    const sandbox = await testSandbox()
    const older = await arm(sandbox, { operation, steps: [{ respond: { status: 500 } }] })
    const newer = await arm(sandbox, { operation, steps: [{ respond: { status: 503 } }] })
    expect(await statuses(sandbox, 3)).toEqual([500, 503, 200])
    expect([await consumed(sandbox, older), await consumed(sandbox, newer)]).toEqual([[1], [1]])
    const { body } = await sandbox.control<{ items: Script[] }>('GET', '/scripts')
    expect(body.items.map(({ id }) => id)).toEqual([older, newer])
  })

  it('are each taken by one of many requests at once', async () => {
    const sandbox = await testSandbox()
    const id = await arm(sandbox, { operation, steps: [{ respond: { status: 500 }, times: 7 }] })
    const answers = await Promise.all(Array.from({ length: 20 }, () => sandbox.syft.page()))
    expect(answers.filter(({ status }) => status === 500)).toHaveLength(7)
    expect(await consumed(sandbox, id)).toEqual([7])
  })

  it('are taken by requests that would be refused, but not by those of another sandbox or with no key of it', async () => {
    const [sandbox, other] = [await testSandbox(), await testSandbox()]
    const id = await arm(sandbox, { operation, steps: [{ respond: { status: 500 }, times: 3 }] })
    expect((await other.syft.page()).status).toBe(200)
    expect((await sandbox.syft.page({}, { key: 'sk_live_wrong' })).status).toBe(401)
    expect(await consumed(sandbox, id)).toEqual([0])
    expect((await sandbox.syft.page({ limit: 'x' })).status).toBe(500)
    expect((await sandbox.syft.page({}, { motion: 'none' })).status).toBe(500)
    await sandbox.control('DELETE', `/keys/${sandbox.view.syft.secretKey}`)
    expect((await sandbox.syft.page()).status).toBe(500)
    expect((await sandbox.syft.page()).status).toBe(401)
  })

  it('never touch the control API', async () => {
    const sandbox = await testSandbox()
    for (const name of ['createExport', 'listExports', 'getExport', 'downloadExport'])
      await arm(sandbox, { operation: `memsolus.${name}`, steps: [{ reset: true }], repeat: true })
    expect((await sandbox.control('GET', '/memsolus/exports')).status).toBe(200)
    expect((await sandbox.control('GET', '/scripts')).status).toBe(200)
  })

  it('are gone after a reset', async () => {
    const sandbox = await testSandbox()
    await arm(sandbox, { operation, steps: [{ respond: { status: 500 } }], repeat: true })
    await sandbox.control('POST', '/reset')
    expect((await sandbox.syft.page()).status).toBe(200)
    expect((await sandbox.control<{ items: Script[] }>('GET', '/scripts')).body.items).toEqual([])
  })
})

describe('match', () => {
  it('by a parameter and by whether there is one', async () => {
    const sandbox = await testSandbox({ data: { syft: { runs: { count: 9 } } } })
    const match = { query: { status: 'failed', cursor: { present: false } } }
    const id = await arm(sandbox, { operation, match, steps: [{ respond: { status: 500 } }] })
    expect((await sandbox.syft.page()).status).toBe(200)
    const { body } = await sandbox.syft.page({ limit: 1, status: 'completed' })
    expect((await sandbox.syft.page({ status: 'failed', cursor: body.nextCursor ?? '' })).status).toBe(200)
    expect(await consumed(sandbox, id)).toEqual([0])
    expect((await sandbox.syft.page({ status: 'failed' })).status).toBe(500)
  })

  it('by a header, whatever the case of its name', async () => {
    const sandbox = await testSandbox()
    await arm(sandbox, { operation, match: { header: { 'X-Try': '2' } }, steps: [{ respond: { status: 500 } }] })
    expect((await sandbox.syft.page({}, { headers: { 'x-try': '1' } })).status).toBe(200)
    expect((await sandbox.syft.page({}, { headers: { 'x-try': '2' } })).status).toBe(500)
  })

  it('by the motion or the export that the path names', async () => {
    const sandbox = await testSandbox()
    const second = await sandbox.control<{ id: string }>('POST', '/syft/motions', { name: 'second' })
    await arm(sandbox, { operation, match: { motionId: second.body.id }, steps: [{ respond: { status: 500 } }] })
    expect((await sandbox.syft.page()).status).toBe(200)
    expect((await sandbox.syft.page({}, { motion: second.body.id })).status).toBe(500)

    const [first, other] = [await sandbox.memsolus.create(), await sandbox.memsolus.create()]
    const match = { exportId: other.body.id }
    await arm(sandbox, { operation: 'memsolus.getExport', match, steps: [{ respond: { status: 500 } }] })
    expect((await sandbox.memsolus.get(first.body.id)).status).toBe(200)
    expect((await sandbox.memsolus.get(other.body.id)).status).toBe(500)
  })
})

describe('hold', () => {
  it('keeps a request waiting until it is released, and then lets it go on', async () => {
    const sandbox = await testSandbox()
    const id = await arm(sandbox, { operation, steps: [{ hold: true }] })
    const held = sandbox.syft.page()
    const isHeld = async () => (await consumed(sandbox, id))[0] === 1
    while (!(await isHeld()));
    await sandbox.addRuns({ items: [{ runId: 'late', status: 'completed' }] })
    expect((await sandbox.control('POST', `/scripts/${id}/release`)).status).toBe(200)
    const { status, body } = await held
    expect([status, body.items.map(({ runId }) => runId)]).toEqual([200, ['late']])
  })
})

describe('a script is refused', () => {
  it.each([
    ['/operation', { operation: 'syft.exportRun', steps: [{ pass: true }] }],
    ['/steps', { operation, steps: [] }],
    ['/steps/1/responds', { operation, steps: [{ pass: true }, { responds: { status: 500 } }] }],
    ['/steps/0/respond/status', { operation, steps: [{ respond: { status: 99 } }] }],
    ['/steps/0/respond/headers', { operation, steps: [{ respond: { status: 500, headers: { 'bad name': 'x' } } }] }],
    ['/steps/0/reset', { operation, steps: [{ respond: { status: 500 }, reset: true }] }],
    ['/steps/0/truncate/inside', { operation, steps: [{ truncate: { inside: 'word' } }] }],
    ['/steps/0/stall/for', { operation, steps: [{ stall: { for: 'soon' } }] }],
    ['/steps/0/before/0/insertRun', { operation, steps: [{ before: [{ insertRun: {} }] }] }],
    ['/match/motion', { operation, match: { motion: 'm' }, steps: [{ pass: true }] }],
    ['/repeat', { operation, steps: [{ pass: true }], repeat: 0 }],
  ])('with the path of the mistake: %s', async (path, script) => {
    const sandbox = await testSandbox()
    const { status, body } = await sandbox.control('POST', '/scripts', script)
    expect([status, body.path]).toEqual([400, path])
    expect((await sandbox.control<{ items: Script[] }>('GET', '/scripts')).body.items).toEqual([])
  })
})
