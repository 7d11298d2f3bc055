import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'

/**
 * One object, uploaded part by part, which begins with the first part and appears when it is completed. The SDK's own
 * uploader goes on to read all that comes after a part has failed; this one stops there.
 */
export function multipartUpload(client: S3Client, object: { Bucket: string; Key: string }) {
  const parts: CompletedPart[] = []
  let sizeBytes = 0
  let uploadId: string | undefined
  const begin = async () => (await client.send(new CreateMultipartUploadCommand(object))).UploadId
  return {
    /** How much there is so far. */
    sizeBytes: () => sizeBytes,
    async add(part: Uint8Array) {
      uploadId ??= await begin()
      const PartNumber = parts.length + 1
      const { ETag } = await client.send(
        new UploadPartCommand({ ...object, UploadId: uploadId, PartNumber, Body: part }),
      )
      parts.push({ PartNumber, ETag })
      sizeBytes += part.length
    },
    async complete() {
      const MultipartUpload = { Parts: parts }
      await client.send(new CompleteMultipartUploadCommand({ ...object, UploadId: uploadId, MultipartUpload }))
    },
    /** Throws away what there is; does nothing where nothing was begun. */
    async abort() {
      if (uploadId !== undefined) await client.send(new AbortMultipartUploadCommand({ ...object, UploadId: uploadId }))
    },
  }
}
