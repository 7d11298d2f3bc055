/** The services that the suite runs against beside the embedded ones. */
export type TestServices = { databaseUrl: string; redisUrl: string }

/** Those that the environment names. Says in one line what `suite` is left out where it names none. */
export async function findServices(
  { TEST_DATABASE_URL, TEST_REDIS_URL }: NodeJS.ProcessEnv,
  suite = 'the suite',
): Promise<TestServices | undefined> {
  if (TEST_DATABASE_URL && TEST_REDIS_URL) return { databaseUrl: TEST_DATABASE_URL, redisUrl: TEST_REDIS_URL }
  process.stderr.write(
    `Left out: ${suite} on Postgres and Redis. To include it, set TEST_DATABASE_URL (a database that may be added to) and TEST_REDIS_URL.\n`,
  )
  return undefined
}
