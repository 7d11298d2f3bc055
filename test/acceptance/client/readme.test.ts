import { readFile } from 'node:fs/promises'
import * as client from '@sandport/client'
import { transform } from 'esbuild'
import { expect, it } from 'vitest'
import { clientsOf } from './clients.ts'

const readme = await readFile(new URL('../../../packages/client/README.md', import.meta.url), 'utf8')
const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)

it('has an example of each part', () => {
  expect(examples).toHaveLength(5)
})

it.each(examples)('runs %s', async (example) => {
  const { sandbox, motionId, memsolus } = await clientsOf({
    data: { syft: { runs: { count: 120 } }, memsolus: { memories: { count: 30 } } },
  })
  const code = example
    .replaceAll('http://127.0.0.1:4646', sandbox.syft.baseUrl)
    .replaceAll("'sk_live_demo'", `'${sandbox.syft.secretKey}'`)
    .replaceAll("'msk_live_demo'", `'${sandbox.memsolus.apiKey}'`)
    .replaceAll("'demo'", `'${motionId}'`)
    .replace(/^import (\{.*\}) from '@sandport\/client'$/m, 'const $1 = client')
  const { code: script } = await transform(`export default async () => {\n${code}\n}`, { loader: 'ts', format: 'cjs' })
  const printed: unknown[][] = []
  const processed: unknown[] = []
  const controller = new AbortController()
  const scope = {
    client,
    console: { log: (...words: unknown[]) => printed.push(words), error: (error: unknown) => expect(error).toBeNull() },
    signal: controller.signal,
    process: async (run: unknown) => processed.push(run),
    store: {
      load: async () => undefined,
      save: async ({ place }: client.Checkpoint) => place ?? controller.abort(new Error('Stopped')),
    },
    module: { exports: {} as { default?: () => Promise<void> } },
  }
  new Function(...Object.keys(scope), script)(...Object.values(scope))
  const run = scope.module.exports.default ?? expect.unreachable('The example is no module')
  if (example.includes('syft.poll')) {
    await expect(run()).rejects.toThrow('Stopped')
    expect(processed.length).toBeGreaterThan(90)
    return
  }
  await run()
  expect(printed).not.toEqual([])
  if (example.includes('verify')) {
    expect(printed).toEqual([['READY'], [true, []]])
  }
  expect(await memsolus.list()).toMatchObject({ meta: { total: example.includes('memsolus.create({ format') ? 1 : 0 } })
})
