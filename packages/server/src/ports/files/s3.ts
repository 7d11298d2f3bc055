import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectsV2Command,
  NoSuchKey,
  NoSuchUpload,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3'
import type { FilesPort } from './files.ts'
import { multipartUpload } from './multipart.ts'
import { partsOf } from './parts.ts'

/** Where in which store. What is not given, and who we are, the `AWS_*` environment says. */
export type S3Place = {
  bucket: string
  /** What stands before each key: empty, or with a slash at its end. */
  prefix: string
  /** The origin of a store that is not Amazon's. */
  endpoint?: string
  region?: string
  /** Whether the bucket is a part of the path instead of the host. */
  forcePathStyle?: boolean
}

/** Stores take no smaller ones than 5 MB, and no more than 10,000 of them. */
const PART_BYTES = 8 * 1024 * 1024

const CONNECT_MS = 3000
const ANSWER_MS = 20_000

/** Files in a bucket of an S3-compatible store, under a prefix that is nobody else's: what is unknown there is removed. */
export function s3Files(
  { bucket, prefix, ...where }: S3Place,
  { maxAttempts = 4 } = {},
): FilesPort & { close(): Promise<void> } {
  const client = new S3Client({
    ...where,
    maxAttempts,
    // Not every store knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
      // A download is as slow as its client, and holds its connection for as long.
      socketTimeout: 0,
      httpAgent: { maxSockets: Number.POSITIVE_INFINITY },
      httpsAgent: { maxSockets: Number.POSITIVE_INFINITY },
    },
  })
  const objectOf = (key: string) => ({ Bucket: bucket, Key: prefix + key })
  const unfinished = (keyPrefix: string) => findUploads(client, bucket, keyPrefix)
  return {
    async write(key, content) {
      const upload = multipartUpload(client, objectOf(key))
      // The last part is held back: alone, it needs no upload in parts.
      let held: Buffer | undefined
      try {
        for await (const part of partsOf(content, PART_BYTES)) {
          if (held) await upload.add(held)
          held = part
        }
        const last = held ?? Buffer.alloc(0)
        if (upload.sizeBytes() === 0) {
          await client.send(new PutObjectCommand({ ...objectOf(key), Body: last }))
          return last.length
        }
        await upload.add(last)
        await upload.complete()
        return upload.sizeBytes()
      } catch (error) {
        // What is left where this fails, too, is listed as half written.
        await upload.abort().catch(() => {})
        throw error
      }
    },
    async read(key) {
      const found = await client.send(new GetObjectCommand(objectOf(key))).catch((error: unknown) => {
        if (error instanceof NoSuchKey) return undefined
        throw error
      })
      if (!found) return undefined
      const { Body: content, ContentLength: sizeBytes } = found
      if (!(content instanceof Readable) || sizeBytes === undefined) {
        throw new Error(`Failed to read ${key}: the store answered without a body or without its length`)
      }
      return { sizeBytes, content }
    },
    async remove(key) {
      // Uploads first: one that is completed until then is an object, which goes next.
      for await (const upload of unfinished(prefix + key)) {
        if (upload.Key !== prefix + key) continue
        await client
          .send(new AbortMultipartUploadCommand({ ...objectOf(key), UploadId: upload.UploadId }))
          .catch((error: unknown) => {
            if (!(error instanceof NoSuchUpload)) throw error
          })
      }
      await client.send(new DeleteObjectCommand(objectOf(key)))
    },
    async list() {
      const keys = new Set<string>()
      const add = (key = '') => {
        // Some stores list more than they are asked for, and what is listed may be removed.
        const own = key.startsWith(prefix) ? key.slice(prefix.length) : ''
        if (own !== '' && !own.includes('/')) keys.add(own)
      }
      const whole = paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix, Delimiter: '/' })
      for await (const { Contents = [] } of whole) for (const { Key } of Contents) add(Key)
      for await (const { Key } of unfinished(prefix)) add(Key)
      return [...keys]
    },
    async ping() {
      // HEAD has no body, and so does not tell what is wrong.
      await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: 1 }))
    },
    async close() {
      client.destroy()
    },
  }
}

/** Uploads in parts that were begun and not completed, of keys that begin so and have no further slash. */
async function* findUploads(client: S3Client, bucket: string, keyPrefix: string) {
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {}
  while (from) {
    const found: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: keyPrefix, Delimiter: '/', ...from }),
    )
    yield* found.Uploads ?? []
    const { IsTruncated, NextKeyMarker, NextUploadIdMarker } = found
    from = IsTruncated
      ? {
          ...(NextKeyMarker !== undefined && { KeyMarker: NextKeyMarker }),
          ...(NextUploadIdMarker !== undefined && { UploadIdMarker: NextUploadIdMarker }),
        }
      : undefined
  }
}
