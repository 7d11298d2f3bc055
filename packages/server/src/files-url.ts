import type { FilesPlace } from './services.ts'
import { StartError } from './start-error.ts'

const EXAMPLE = 's3://bucket/prefix?endpoint=http://127.0.0.1:9000'
const OPTIONS = ['endpoint', 'region', 'forcePathStyle']

/** FILES_URL: the path of a directory, or a bucket as in `s3://bucket/prefix?endpoint=…&region=…&forcePathStyle=true`. */
export function readFilesUrl(text: string, env: NodeJS.ProcessEnv): FilesPlace {
  if (!/^[a-z][a-z0-9+.-]*:/i.test(text)) return { directory: text }
  if (!/^s3:\/\//i.test(text) || !URL.canParse(text)) refuse('is neither the path of a directory nor a URL such as')
  const { hostname: bucket, pathname, searchParams, username, password, port, hash } = new URL(text)
  // The message does not show the URL: a secret may be in it.
  if (username || password) refuse('holds credentials, which belong in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY:')
  if (!/^[a-z0-9][a-z0-9._-]+$/i.test(bucket) || port || hash) refuse('names no bucket as in')
  for (const name of searchParams.keys()) {
    if (!OPTIONS.includes(name)) refuse(`has the option ${name}; there are only ${OPTIONS.join(', ')}:`)
    if (searchParams.getAll(name).length > 1) refuse(`has the option ${name} more than once:`)
  }
  const { endpoint, region, forcePathStyle } = Object.fromEntries([...searchParams].filter(([, value]) => value !== ''))
  if (endpoint !== undefined && !isOrigin(endpoint)) refuse('has an endpoint that is no origin as in')
  if (forcePathStyle !== undefined && !/^(true|false)$/.test(forcePathStyle)) {
    refuse('has a forcePathStyle that is neither true nor false:')
  }
  const isForeign = (endpoint ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL) !== undefined
  const foreignRegion = isForeign && env.AWS_REGION === undefined ? 'us-east-1' : undefined
  const chosenRegion = region ?? foreignRegion
  return {
    bucket,
    prefix: prefixOf(pathname),
    // Other stores seldom have a host for each bucket.
    forcePathStyle: forcePathStyle === undefined ? isForeign : forcePathStyle === 'true',
    ...(endpoint !== undefined && { endpoint }),
    ...(chosenRegion !== undefined && { region: chosenRegion }),
  }
}

function prefixOf(pathname: string): string {
  try {
    const path = decodeURIComponent(pathname).replace(/^\/+|\/+$/g, '')
    return path === '' ? '' : `${path}/`
  } catch {
    return refuse('has a prefix that cannot be decoded:')
  }
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password, pathname, search, hash } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password && pathname === '/' && !search && !hash
}

function refuse(problem: string): never {
  throw new StartError(`FILES_URL ${problem} ${EXAMPLE}.`)
}
