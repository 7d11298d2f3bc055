import Fastify from 'fastify'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { openTestStore } from './ports/files/testing-store.ts'
import { openServices } from './services.ts'

let store: Awaited<ReturnType<typeof openTestStore>>
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'known-key')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hidden')
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  onTestFinished(() => void vi.unstubAllEnvs())
})

/** What is said where nothing listens at Postgres and Redis and `changes` are made to a good place of files. */
async function refusal(changes: object = {}): Promise<string> {
  const opening = openServices(
    {
      databaseUrl: 'postgres://u:hidden@127.0.0.1:1/d',
      redisUrl: 'redis://:hidden@127.0.0.1:1',
      files: { ...store.place('prefix/'), ...changes },
    },
    Fastify({ logger: false }).log,
  )
  const { message } = await opening.then(
    () => new Error('It opened'),
    (error: Error) => error,
  )
  expect(message).toMatch(/Postgres at 127\.0\.0\.1:1 \(DATABASE_URL\).*Redis at 127\.0\.0\.1:1 \(REDIS_URL\)/)
  expect(message).not.toMatch(/hidden|\n/)
  return message
}

it('says of the store what is wrong with it, beside all else', async () => {
  expect(await refusal()).not.toContain('FILES_URL')
  expect(await refusal({ bucket: 'missing' })).toMatch(
    /Cannot use the bucket missing at 127\.0\.0\.1:\d+ \(FILES_URL\): there is no such bucket\.$/,
  )
  expect(await refusal({ endpoint: 'http://127.0.0.1:1' })).toMatch(/ \(FILES_URL\): nothing listens there\.$/)
  expect(await refusal({ endpoint: 'http://no-such-host.invalid' })).toMatch(/: there is no such host\.$/)
})

it.each([
  [403, 'InvalidAccessKeyId', 'AWS_ACCESS_KEY_ID is unknown there.'],
  [403, 'SignatureDoesNotMatch', 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID.'],
  [403, 'AccessDenied', 'permission denied.'],
  [400, 'Whatever', 'What the store says.'],
])('says what a store means by %i %s', async (status, code, reason) => {
  const mend = store.fail((_, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<Error><Code>${code}</Code><Message>What the store says.\nAnd more</Message></Error>`)
    return true
  })
  onTestFinished(mend)
  expect(await refusal()).toMatch(new RegExp(`\\(FILES_URL\\): ${reason}$`))
})

it('says what is to be set where nothing says who we are, or where', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined)
  vi.stubEnv('AWS_PROFILE', 'no-such-profile')
  expect(await refusal()).toMatch(/no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\.$/)
  vi.stubEnv('AWS_REGION', undefined)
  expect(await refusal({ region: undefined })).toMatch(/there is no region; add \?region= to it, or set AWS_REGION\.$/)
})
