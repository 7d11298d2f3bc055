import { type Sandport, type SandportWorker, type Settings, version } from '@sandport/server'
import pc from 'picocolors'

const SYFT_KEY = 'sk_live_demo'
const MEMSOLUS_KEY = 'msk_live_demo'
const MOTION = 'demo'

type Shown = Pick<Settings, 'publicUrl' | 'adminToken' | 'services'> & { dataDirectory?: string; motionId?: string }

/** What a program needs to know of a server that has started, as one line. */
export function toJson(
  { url, port }: Pick<Sandport, 'url' | 'port'>,
  { publicUrl = url, motionId = MOTION }: Shown,
): string {
  return JSON.stringify({
    url,
    port,
    pid: process.pid,
    version,
    sandbox: 'default',
    controlUrl: `${url}/_sandport`,
    syft: { baseUrl: publicUrl, secretKey: SYFT_KEY, motionId },
    memsolus: { baseUrl: publicUrl, apiKey: MEMSOLUS_KEY },
  })
}

/** What a person needs to know of it: enough to go on without the README. Each command is a line that can be pasted. */
export function describeServer(
  { url }: Pick<Sandport, 'url'>,
  { publicUrl = url, adminToken, motionId = MOTION, ...kept }: Shown,
): string {
  const syft = `-H 'Authorization: Bearer ${SYFT_KEY}'`
  const memsolus = `-H 'X-Api-Key: ${MEMSOLUS_KEY}'`
  const admin = adminToken === undefined ? '' : ' -H "Authorization: Bearer $SANDPORT_ADMIN_TOKEN"'
  const fact = (label: string, text: string) => `  ${pc.dim(label.padEnd(9))} ${text}`
  const command = (purpose: string, text: string) => `  ${pc.dim(`${purpose}:`)}\n  ${text}`
  const exports = `${publicUrl}/v1/exports`
  const control = `${publicUrl}/_sandport`
  return [
    `${pc.bold(`Sandport ${version}`)} is listening on ${pc.cyan(url)}`,
    fact('data', whereKept(kept)),
    '',
    pc.bold('Syft Export API'),
    fact('base URL', publicUrl),
    fact('key', SYFT_KEY),
    fact('motion', motionId),
    command('two runs', `curl ${syft} '${publicUrl}/api/motion/${motionId}/export?limit=2'`),
    '',
    pc.bold('Memsolus Exports API'),
    fact('base URL', publicUrl),
    fact('key', MEMSOLUS_KEY),
    command(
      'create an export, and keep its id',
      `id=$(curl -s -X POST ${memsolus} '${exports}?format=csv&priority=HIGH' | sed 's/.*"id":"\\([^"]*\\)".*/\\1/')`,
    ),
    command('its status', `curl ${memsolus} "${exports}/$id"`),
    command('its file, once it is READY', `curl ${memsolus} "${exports}/$id/download"`),
    command('all exports', `curl ${memsolus} '${exports}'`),
    '',
    pc.bold('Control API'),
    command('a sandbox of your own', `curl -X POST${admin} '${control}/sandboxes'`),
    command(
      'three days later',
      `curl -X POST${admin} -H 'Content-Type: application/json' -d '{"by":"72h"}' '${control}/sandboxes/default/clock/advance'`,
    ),
    '',
    pc.dim('Ctrl-C stops it.'),
  ].join('\n')
}

function whereKept({ dataDirectory, services }: Shown): string {
  return services
    ? servicesOf(services)
    : (dataDirectory ?? 'in memory, gone when it stops; keep it with --data DIRECTORY')
}

/** No password is in it. */
function servicesOf({ databaseUrl, redisUrl }: NonNullable<Settings['services']>): string {
  const { host, pathname } = new URL(databaseUrl)
  return `Postgres at ${host}${pathname}, Redis at ${new URL(redisUrl).host}`
}

/** What a program needs to know of a worker that has started. */
export function workerToJson({ url, port }: Pick<SandportWorker, 'url' | 'port'>): string {
  return JSON.stringify({ role: 'worker', pid: process.pid, version, ...(url !== undefined && { url, port }) })
}

export function describeWorker(
  { url }: Pick<SandportWorker, 'url'>,
  services: NonNullable<Settings['services']>,
): string {
  const health = url === undefined ? '' : `\n  ${pc.dim('health   ')} ${url}/_sandport/health`
  return [
    `${pc.bold(`Sandport ${version}`)}: a worker on ${servicesOf(services)}${health}`,
    '',
    pc.dim('Ctrl-C stops it.'),
  ].join('\n')
}
