import { expect, it } from 'vitest'
import { control, testSandbox } from '../../harness/sandbox.ts'

type List = { items: { id: string; group: string | null }[]; nextCursor: string | null }

it('lists the sandboxes of a group, page by page', async () => {
  const group = 'groups list & page'
  const ids = []
  for (let index = 0; index < 3; index++) ids.push((await testSandbox({ group, clock: { frozen: true } })).id)
  await testSandbox({ group: 'groups list' })
  await testSandbox()
  const path = `/sandboxes?group=${encodeURIComponent(group)}`
  const { body } = await control<List>('GET', path)
  expect(body.items.map((item) => [item.id, item.group])).toEqual(ids.toSorted().map((id) => [id, group]))
  const first = (await control<List>('GET', `${path}&limit=2`)).body
  const second = (await control<List>('GET', `${path}&limit=2&cursor=${first.nextCursor}`)).body
  expect([...first.items, ...second.items]).toEqual(body.items)
  expect(second.nextCursor).toBeNull()
  expect((await control<List>('GET', '/sandboxes?group=groups%20nobody')).body.items).toEqual([])
})

it('deletes the sandboxes of a group and says how many there were', async () => {
  const group = 'groups-delete'
  const sandboxes = [await testSandbox({ group }), await testSandbox({ group })]
  const other = await testSandbox({ group: 'groups-delete-not' })
  const without = await testSandbox()
  expect(await control('DELETE', `/sandboxes?group=${group}`)).toMatchObject({ status: 200, body: { deleted: 2 } })
  for (const { id, syft } of sandboxes) {
    expect((await control('GET', `/sandboxes/${id}`)).status).toBe(404)
    expect((await syft.page()).status).toBe(401)
  }
  for (const { syft } of [other, without]) expect((await syft.page()).status).toBe(200)
  expect((await control<List>('GET', `/sandboxes?group=${group}`)).body.items).toEqual([])
  expect(await control('DELETE', `/sandboxes?group=${group}`)).toMatchObject({ status: 200, body: { deleted: 0 } })
})

it('deletes nothing where no group is named', async () => {
  const { id } = await testSandbox({ group: 'groups-kept' })
  const cases = [
    ['', 'MISSING_PROPERTY'],
    ['?group=', 'INVALID_VALUE'],
    ['?gruop=groups-kept', 'UNKNOWN_PROPERTY'],
    ['?group=groups-kept&limit=1', 'UNKNOWN_PROPERTY'],
  ] as const
  for (const [query, code] of cases) {
    const { status, body } = await control('DELETE', `/sandboxes${query}`)
    expect([query, status, body.error]).toEqual([query, 400, code])
  }
  expect((await control('GET', `/sandboxes/${id}`)).status).toBe(200)
})
