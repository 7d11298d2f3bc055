import { beforeAll, describe, expect, it } from 'vitest'
import { loadFaker } from '../../random.ts'
import { buildMemsolusPools, type MemsolusPools } from './seed/pools.ts'
import { loadMemsolusPools, makeMemory, makeWorkspace } from './seed.ts'

const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

let pools: MemsolusPools
beforeAll(async () => {
  pools = await loadMemsolusPools(42)
})

const memories = (count: number) => Array.from({ length: count }, (_, index) => makeMemory(pools, { seed: 42, index }))

it('builds the same pools for the same seed, anew or kept, and others for another', async () => {
  const build = async (seed: number) => JSON.stringify(buildMemsolusPools(await loadFaker(seed), seed))
  expect(await build(42)).toBe(JSON.stringify(pools))
  expect(await build(43)).not.toBe(JSON.stringify(pools))
  expect(loadMemsolusPools(42)).toBe(loadMemsolusPools(42))
})

describe('makeMemory', () => {
  it('makes the same memory for the same number, and no id twice', () => {
    expect(memories(300)).toEqual(memories(300))
    const ids = memories(20_000).map(({ id }) => id)
    expect(ids.every((id) => uuidShape.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(20_000)
  })

  it('says something else each time', () => {
    const texts = memories(2_000).map(({ memory }) => memory)
    expect(new Set(texts).size).toBeGreaterThan(1_990)
    expect(texts.every((text) => text.length > 10 && text.length < 700 && !text.includes('undefined'))).toBe(true)
  })

  it('meets every user, agent, session, priority and number of categories within 500', () => {
    const some = memories(500)
    const kinds = <T>(of: (memory: (typeof some)[number]) => T) => new Set(some.map(of)).size
    expect(kinds(({ user_id }) => user_id)).toBe(8)
    expect(kinds(({ agent_id }) => agent_id)).toBe(4 + 1)
    expect(kinds(({ session_id }) => session_id)).toBe(20 + 1)
    expect(kinds(({ priority }) => priority)).toBe(3)
    expect(kinds(({ categories }) => categories.length)).toBe(4)
    expect(new Set(some.flatMap(({ categories }) => categories)).size).toBe(10)
  })

  it('gives a session to one user alone', () => {
    const users = new Map<string, string>()
    for (const { session_id, user_id } of memories(500)) {
      if (session_id === null) continue
      expect(users.get(session_id) ?? user_id).toBe(user_id)
      users.set(session_id, user_id)
    }
  })

  it('names no category twice and none with a comma, which separates them in a filter', () => {
    for (const { categories } of memories(500)) {
      expect(new Set(categories).size).toBe(categories.length)
      expect(categories.every((category) => !category.includes(','))).toBe(true)
    }
  })

  it('is accessed after it was made or never, and mostly unchanged', () => {
    const some = memories(1_000)
    for (const { access_count, lastAccessedAfterMs, updatedAfterMs } of some) {
      expect(lastAccessedAfterMs === null).toBe(access_count === 0)
      expect(Number.isInteger(updatedAfterMs) && updatedAfterMs >= 0 && (lastAccessedAfterMs ?? 0) >= 0).toBe(true)
    }
    expect(some.filter(({ updatedAfterMs }) => updatedAfterMs === 0).length).toBeGreaterThan(700)
  })

  it('is awkward about every twelfth time, in every way', () => {
    const texts = memories(1_000).map(({ memory }) => memory)
    const marks = ['"', ',', '\n', '\r\n', '|', '```', '`````', '\u200d', '\t', '\\', 'ה', '\u2028']
    for (const mark of marks)
      expect(
        texts.some((text) => text.includes(mark)),
        JSON.stringify(mark),
      ).toBe(true)
    for (const first of ['=', '+', '-', '@', ' ', '#']) expect(texts.some((text) => text.startsWith(first))).toBe(true)
    expect(texts.some((text) => text.endsWith(' '))).toBe(true)
    const awkward = texts.filter((text) => /["\n\r|`\t\\]|^[=+\-@ #]/.test(text)).length
    expect(awkward).toBeGreaterThan(40)
    expect(awkward).toBeLessThan(130)
  })

  it('has metadata that survives JSON, often none', () => {
    const some = memories(500).map(({ metadata }) => metadata)
    expect(JSON.parse(JSON.stringify(some))).toEqual(some)
    expect(some.filter((metadata) => Object.keys(metadata).length === 0).length).toBeGreaterThan(200)
    expect(some.some(({ source }) => typeof source === 'object')).toBe(true)
  })
})

it('makes workspaces that have a name and an id of their own', () => {
  const made = [0, 1, 2].map((index) => makeWorkspace({ seed: 1, index }))
  expect(new Set(made.map(({ id }) => id)).size).toBe(3)
  expect(made.every(({ id, name }) => uuidShape.test(id) && name.length > 5)).toBe(true)
})
