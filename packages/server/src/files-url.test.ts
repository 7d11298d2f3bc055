import { describe, expect, it } from 'vitest'
import { readFilesUrl } from './files-url.ts'
import { StartError } from './start-error.ts'

describe('FILES_URL', () => {
  it.each([
    ['files', { directory: 'files' }],
    ['/var/lib/sandport/s3', { directory: '/var/lib/sandport/s3' }],
    ['s3://bucket', { bucket: 'bucket', prefix: '', forcePathStyle: false }],
    ['s3://bucket/', { bucket: 'bucket', prefix: '', forcePathStyle: false }],
    [
      's3://my.bucket/a/b/?region=eu-west-1',
      { bucket: 'my.bucket', prefix: 'a/b/', region: 'eu-west-1', forcePathStyle: false },
    ],
    ['s3://bucket/a%20b', { bucket: 'bucket', prefix: 'a b/', forcePathStyle: false }],
    [
      's3://bucket?endpoint=http://127.0.0.1:9000',
      { bucket: 'bucket', prefix: '', endpoint: 'http://127.0.0.1:9000', region: 'us-east-1', forcePathStyle: true },
    ],
    [
      's3://bucket?endpoint=https%3A%2F%2Fs3.example.com&region=auto&forcePathStyle=false',
      { bucket: 'bucket', prefix: '', endpoint: 'https://s3.example.com', region: 'auto', forcePathStyle: false },
    ],
  ])('%s', (text, place) => {
    expect(readFilesUrl(text, {})).toEqual(place)
  })

  it('leaves to the AWS_* variables what it does not say', () => {
    const endpoint = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9000' }
    const place = { bucket: 'bucket', prefix: '', forcePathStyle: true }
    expect(readFilesUrl('s3://bucket', endpoint)).toEqual({ ...place, region: 'us-east-1' })
    expect(readFilesUrl('s3://bucket', { ...endpoint, AWS_REGION: 'eu-west-1' })).toEqual(place)
  })

  it.each([
    'gopher://files',
    's3:bucket',
    's3://',
    's3:///prefix',
    's3://bucket:9000',
    's3://key:hidden@bucket',
    's3://bucket?endpoint=127.0.0.1:9000',
    's3://bucket?endpoint=http://key:hidden@127.0.0.1:9000',
    's3://bucket?endpoint=http://127.0.0.1:9000/path',
    's3://bucket?forcePathStyle=yes',
    's3://bucket?forcepathstyle=true',
    's3://bucket?region=a&region=b',
    's3://bucket/%E0',
  ])('%s is refused, in a line that shows no secret', (text) => {
    const refusal = () => readFilesUrl(text, {})
    expect(refusal).toThrow(StartError)
    expect(refusal).toThrow(/^FILES_URL .*s3:\/\/bucket\/prefix.*\.$/)
    expect(refusal).not.toThrow(/hidden/)
  })
})
