import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { buildServer } from './app.ts'
import { readFixture } from './fixture.ts'
import { shownRun as run, testDeps } from './testing.ts'
import { acceptsFormat, formatNames } from './wire/validation.ts'

const fixtureWith = (items: unknown[]) => ({ syft: { motions: [{ id: 'm1' }], runs: { motionId: 'm1', items } } })

describe('a fixture', () => {
  it('is what a sandbox is created with', () => {
    expect(readFixture({ $schema: './fixture.schema.json', ...fixtureWith([run]) })).toEqual(fixtureWith([run]))
  })

  it.each([
    [[], 'The fixture must be an object, not []'],
    [{ sift: {} }, 'Unknown property "sift". Did you mean "syft"? (at /sift)'],
    [
      fixtureWith([run, { ...run, createdAt: '2026-02-30' }]),
      '"syft.runs.items[1].createdAt" must be an ISO 8601 instant such as 2026-01-01T00:00:00Z, not "2026-02-30"' +
        ' (at /syft/runs/items/1/createdAt)',
    ],
  ])('that is wrong is refused, with the place', (value, message) => {
    expect(() => readFixture(value)).toThrow(message)
  })

  it('has a JSON Schema, which takes what is taken and nothing else', async () => {
    const app = await buildServer(await testDeps())
    const answer = await app.inject({ url: '/_sandport/fixture.schema.json' })
    const ajv = new Ajv2020({ strict: false })
    for (const format of formatNames) ajv.addFormat(format, (text) => acceptsFormat(format, text))
    const check = ajv.compile(answer.json<object>())
    const judged = [fixtureWith([run]), {}, fixtureWith([{ ...run, acount: null }]), { memsolus: 1 }]
    expect(judged.map((value) => check(value))).toEqual([true, true, false, false])
    expect(answer.json()).toMatchObject({ $schema: expect.stringContaining('2020-12') })
    expect(answer.body).not.toContain('#/components')
  })
})
