import type { Sandport } from '@sandport/server'
import { version } from '@sandport/server'
import pc from 'picocolors'

const SYFT_KEY = 'sk_live_demo'
const MEMSOLUS_KEY = 'msk_live_demo'
const MOTION = 'demo'

/** What a program needs to know of a server that has started, as one line. */
export function toJson({ url, port }: Sandport): string {
  return JSON.stringify({
    url,
    port,
    pid: process.pid,
    version,
    sandbox: 'default',
    controlUrl: `${url}/_sandport`,
    syft: { baseUrl: url, secretKey: SYFT_KEY, motionId: MOTION },
    memsolus: { baseUrl: url, apiKey: MEMSOLUS_KEY },
  })
}

/** What a person needs to know of it: enough to go on without the README. */
export function describeServer(
  { url }: Sandport,
  { data, token }: { data: string | undefined; token: string | undefined },
): string {
  const syft = `-H 'Authorization: Bearer ${SYFT_KEY}'`
  const memsolus = `-H 'X-Api-Key: ${MEMSOLUS_KEY}'`
  const admin = token === undefined ? '' : " -H 'Authorization: Bearer '$SANDPORT_ADMIN_TOKEN"
  const line = (label: string, text: string) => `  ${pc.dim(label.padEnd(9))} ${text}`
  return [
    `${pc.bold(`Sandport ${version}`)} is listening on ${pc.cyan(url)}`,
    line('data', data ?? 'in memory, gone when it stops; keep it with --data DIRECTORY'),
    '',
    `${pc.bold('Syft Export API')}`,
    line('base URL', url),
    line('key', SYFT_KEY),
    line('motion', MOTION),
    line('runs', `curl ${syft} '${url}/api/motion/${MOTION}/export?limit=2'`),
    '',
    `${pc.bold('Memsolus Exports API')}`,
    line('base URL', url),
    line('key', MEMSOLUS_KEY),
    line('create', `curl -X POST ${memsolus} '${url}/v1/exports?format=csv&priority=HIGH'`),
    line('list', `curl ${memsolus} '${url}/v1/exports'`),
    line('', 'id=the id in either answer'),
    line('status', `curl ${memsolus} ${url}/v1/exports/$id`),
    line('download', `curl ${memsolus} ${url}/v1/exports/$id/download`),
    '',
    `${pc.bold('Control API')}`,
    line('sandbox', `curl -X POST${admin} ${url}/_sandport/sandboxes`),
    line('time', `curl${admin} --json '{"by":"72h"}' ${url}/_sandport/sandboxes/default/clock/advance`),
    '',
    pc.dim('Ctrl-C stops it.'),
  ].join('\n')
}
