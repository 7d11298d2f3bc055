import { startFauxqs } from 'fauxqs'

const BUCKET = 'sandport'

/** An S3 store in this process with an empty bucket: the environment of servers that keep their files there. */
export async function startStore(): Promise<Store> {
  const { port, createBucket, stop } = await startFauxqs({ port: 0, logger: false })
  createBucket(BUCKET)
  return {
    env: {
      FILES_URL: `s3://${BUCKET}/files?endpoint=http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    stop,
  }
}

type Store = {
  env: { FILES_URL: string; AWS_ACCESS_KEY_ID: string; AWS_SECRET_ACCESS_KEY: string }
  stop(): Promise<void>
}
