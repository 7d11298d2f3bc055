import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { control, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }
type Codes = { codes: string[] }
type Catalogue = { items: { code: string; severity: string; rules: string[]; meaning: string }[] }

it('lists what was found by code and by severity, page by page', async () => {
  const sandbox = await testSandbox({ clock })
  for (const limit of [200, 300, 400]) await sandbox.syft.page({ limit, x: 1 })
  expect(await codesIn(sandbox)).toEqual([
    ...['limit.capped', 'param.unknown'],
    ...['limit.capped', 'param.unknown'],
    ...['limit.capped', 'param.unknown'],
  ])
  expect((await findingsIn(sandbox, '?severity=note')).map(({ code }) => code)).toEqual(Array(3).fill('limit.capped'))
  expect((await findingsIn(sandbox, '?code=param.unknown')).map(({ code }) => code)).toEqual(
    Array(3).fill('param.unknown'),
  )
  expect(await findingsIn(sandbox, '?code=param.unknown&severity=note')).toEqual([])
  const paged: unknown[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await sandbox.control<{ items: unknown[]; nextCursor: string | null }>(
      'GET',
      `/findings?limit=4${query}`,
    )
    paged.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  expect(paged).toEqual(await findingsIn(sandbox))
})

it('judges each exchange once, however often and by how many it is asked', async () => {
  const sandbox = await testSandbox({ clock })
  for (const _ of [1, 2, 3]) await sandbox.syft.page({ x: 1 })
  const lists = await Promise.all(Array.from({ length: 8 }, () => findingsIn(sandbox)))
  for (const list of lists) expect(list).toEqual(lists[0])
  expect(lists[0]).toHaveLength(3)
  await sandbox.syft.page({ x: 1 })
  expect(await findingsIn(sandbox)).toHaveLength(4)
})

it('finds in a sandbox only what was done in it', async () => {
  const one = await testSandbox({ clock })
  const other = await testSandbox({ clock })
  await one.syft.page({ limit: 500 })
  expect(await codesIn(other)).toEqual([])
  expect(await codesIn(one)).toEqual(['limit.capped'])
})

it('keeps the first thousand findings of a code, and goes on with those of others', async () => {
  const sandbox = await testSandbox({ clock })
  for (let asked = 0; asked < 1040; asked += 40) {
    await Promise.all(Array.from({ length: 40 }, () => sandbox.memsolus.list({ x: 1 })))
  }
  await sandbox.memsolus.list({ x: 1, page_size: 500 })
  const all = []
  for (const code of ['param.unknown', 'limit.capped'])
    all.push(...(await findingsIn(sandbox, `?code=${code}&limit=1000`)))
  expect(all.map(({ code }) => code)).toEqual([...Array(1000).fill('param.unknown'), 'limit.capped'])
  expect(await findingsIn(sandbox)).toHaveLength(100)
})

it('reports nothing that a sandbox allows, neither what is to come nor what was found already', async () => {
  const sandbox = await testSandbox({ clock })
  await sandbox.syft.page({ limit: 500, x: 1 })
  expect(await codesIn(sandbox)).toEqual(['limit.capped', 'param.unknown'])
  const allowed = await sandbox.control<Codes>('PUT', '/findings/allow', { codes: ['param.unknown', 'pace.fast'] })
  expect([allowed.status, allowed.body]).toEqual([200, { codes: ['param.unknown', 'pace.fast'] }])
  const second = await sandbox.syft.page({ limit: 500, x: 1 })
  expect((await foundIn(sandbox, second)).map(({ code }) => code)).toEqual(['limit.capped'])
  expect(await codesIn(sandbox)).toEqual(['limit.capped', 'limit.capped'])
  await sandbox.control('PUT', '/findings/allow', { codes: [] })
  expect((await sandbox.control<Codes>('GET', '/findings/allow')).body).toEqual({ codes: [] })
  await sandbox.syft.page({ x: 1 })
  expect(await codesIn(sandbox)).toEqual(['limit.capped', 'param.unknown', 'limit.capped', 'param.unknown'])
})

it('can allow from the beginning', async () => {
  const sandbox = await testSandbox({ allow: ['pace.fast'] })
  await sandbox.syft.page()
  await sandbox.syft.page()
  expect(await codesIn(sandbox)).toEqual([])
  expect((await sandbox.control<Codes>('GET', '/findings/allow')).body).toEqual({ codes: ['pace.fast'] })
})

it('refuses a code that there is not, with the nearest one', async () => {
  const { id, control: own } = await testSandbox()
  for (const answer of [
    await own('PUT', '/findings/allow', { codes: ['limit.capped', 'pace.fats'] }),
    await control('POST', '/sandboxes', { allow: ['limit.capped', 'pace.fats'] }),
  ]) {
    expect([answer.status, answer.body.error]).toEqual([400, 'INVALID_VALUE'])
    expect(answer.body.path).toMatch(/^\/(codes|allow)\/1$/)
    expect(answer.body.message).toContain('"pace.fast"')
  }
  const filtered = await own('GET', '/findings?code=curser.foreign')
  expect([filtered.status, filtered.body.path]).toEqual([400, '/code'])
  expect(filtered.body.message).toContain('"cursor.foreign"')
  expect((await control('GET', `/sandboxes/${id}x/findings`)).status).toBe(404)
})

it('lists all that can be found as docs/findings.md does, with rules that there are', async () => {
  const { status, body } = await control<Catalogue>('GET', '/findings')
  expect(status).toBe(200)
  const root = new URL('../../../', import.meta.url)
  const page = await readFile(new URL('docs/findings.md', root), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z.-]+)` \| (\w+) \| ([^|]*) \| (.*) \|$/gm)].map(
    ([, code, severity, rules = '', meaning]) => ({
      code,
      severity,
      rules: rules.split(', ').filter((rule) => rule !== '–'),
      meaning,
    }),
  )
  expect(rows).toEqual(body.items)
  const known = await readFile(new URL('docs/rules.md', root), 'utf8')
  for (const rule of body.items.flatMap(({ rules }) => rules)) expect(known).toContain(`| ${rule} |`)
})
