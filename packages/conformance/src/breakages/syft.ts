// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are those of the server.

import { type Breakage, inFile } from './breakage.ts'

export const syftBreakages: readonly Breakage[] = [
  ...inFile('apis/syft/keys.ts', [
    {
      what: 'takes no Bearer token',
      from: '/^bearer +',
      to: '/^token +',
      caughtBy: 'syft/bearer',
    },
    {
      what: 'takes Bearer in one case only',
      from: ' *$/i.exec(headers',
      to: ' *$/.exec(headers',
      caughtBy: 'syft/scheme-case',
    },
    {
      what: 'takes no key in a header of its own',
      from: "headers['x-syft-secret-key']",
      to: "headers['x-syft-key']",
      caughtBy: 'syft/key-header',
    },
    {
      what: 'goes by the wrong one of two headers',
      from: "return bearer ?? (typeof secret === 'string' && secret !== '' ? secret : undefined)",
      to: "return typeof secret === 'string' && secret !== '' ? secret : bearer",
      caughtBy: 'syft/two-headers',
    },
    {
      what: 'makes up keys that look like anybody’s',
      from: "prefix: 'sk_live_sp_'",
      to: "prefix: 'sk_live_'",
      caughtBy: 'syft/keys-marked',
    },
  ]),
  ...inFile('apis/syft/errors.ts', [
    {
      what: 'answers 403 where there is no key',
      from: "'Unauthorized', 401)",
      to: "'Unauthorized', 403)",
      caughtBy: 'syft/no-key',
    },
    {
      what: 'says of a wrong key what is wrong with it',
      from: "('UNAUTHORIZED', 'Unauthorized'",
      to: "('UNAUTHORIZED', 'Unauthorized: unknown key'",
      caughtBy: 'syft/invalid-key',
    },
    {
      what: 'says another thing of a motion that there is not',
      from: "'Motion not found', 404)",
      to: "'No such motion', 404)",
      caughtBy: 'syft/motion-absent',
    },
    {
      what: 'says another thing of since',
      from: 'timestamp format. Use ISO8601.',
      to: 'timestamp. Use ISO8601.',
      caughtBy: 'syft/since-invalid',
    },
    {
      what: 'says another thing of unknown fields',
      from: "'Invalid fields: %s. Valid fields: %s'",
      to: "'Unknown fields: %s. Valid fields: %s'",
      caughtBy: 'syft/fields-unknown',
    },
  ]),
  ...inFile('apis/syft/index.ts', [
    {
      what: 'has a message beside the error',
      from: "body: { error: statusCode >= 500 ? 'Internal server error' : message }",
      to: "body: { error: statusCode >= 500 ? 'Internal server error' : message, message }",
      caughtBy: 'syft/error-body',
    },
    {
      what: 'takes every method for an unknown path',
      from: "(/^\\/api\\/motion\\/[^/]+\\/export$/.test(path) ? ['GET', 'HEAD'] : undefined)",
      to: '(path === "" ? [] : undefined)',
      caughtBy: 'syft/method-not-allowed',
    },
  ]),
  ...inFile('apis/syft/routes.ts', [
    {
      what: 'lets every plan in',
      from: "if (access?.plan === 'starter') throw new PlanRequired()",
      to: '',
      caughtBy: 'syft/plan',
    },
    {
      what: 'shows the motions of others',
      from: 'if (!access?.hasMotion) throw new MotionNotFound()',
      to: '',
      caughtBy: 'syft/motion-of-another',
    },
    {
      what: 'looks at parameters before it looks for the motion',
      from: 'const access = await findAccess(',
      to: 'readPageRequest(queryOf(request), { motionId, reading })\n    const access = await findAccess(',
      caughtBy: 'syft/error-order',
    },
  ]),
  ...inFile('apis/syft/export-query.ts', [
    {
      what: 'serves 51 runs by default',
      from: 'DEFAULT_LIMIT = 50',
      to: 'DEFAULT_LIMIT = 51',
      caughtBy: 'syft/limit-default',
    },
    { what: 'serves up to 101 runs', from: 'MAX_LIMIT = 100', to: 'MAX_LIMIT = 101', caughtBy: 'syft/limit-capped' },
    { what: 'caps no limit', from: 'Math.min(limit, MAX_LIMIT)', to: 'limit', caughtBy: 'syft/limit-capped' },
    {
      what: 'takes a limit that is none for the default',
      from: 'throw new InvalidLimit()',
      to: 'return DEFAULT_LIMIT',
      caughtBy: 'syft/limit-invalid',
    },
    {
      what: 'serves a run at exactly since',
      from: 'since.floor + 1',
      to: 'since.floor',
      caughtBy: 'syft/window-borders',
    },
    { what: 'ignores since', from: 'from: since && (', to: 'from: undefined && (', caughtBy: 'syft/since' },
    {
      what: 'serves a run at exactly until',
      from: 'until: until?.ceil',
      to: 'until: until && until.ceil + 1',
      caughtBy: 'syft/window-borders',
    },
    { what: 'ignores until', from: 'until: until?.ceil', to: 'until: undefined', caughtBy: 'syft/until' },
    {
      what: 'takes a time that is none for absent',
      from: 'if (!instant) throw new InvalidTimestamp(name)',
      to: '',
      caughtBy: 'syft/until-invalid',
    },
    {
      what: 'serves all statuses where none is given',
      from: "statuses: status === 'in_progress' ? IN_PROGRESS : [status]",
      to: "statuses: query.first('status') ? [status] : ['completed', 'failed']",
      caughtBy: 'syft/status-default',
    },
    {
      what: 'ignores the status',
      from: "query.first('status') ?? 'completed'",
      to: "'completed'",
      caughtBy: 'syft/status-failed',
    },
    {
      what: 'takes in_progress for the one status of that name',
      from: "status === 'in_progress' ? IN_PROGRESS : [status]",
      to: '[status]',
      caughtBy: 'syft/status-in-progress',
    },
    { what: 'serves the newest first', from: "return 'asc'\n", to: "return 'desc'\n", caughtBy: 'syft/order' },
    {
      what: 'takes an order that is none for asc',
      from: 'throw new InvalidOrder()',
      to: "return 'asc'",
      caughtBy: 'syft/order-invalid',
    },
    {
      what: 'passes over unknown fields',
      from: "if (unknown.length > 0) throw new InvalidFields(unknown.join(', '), runFields.join(', '))",
      to: '',
      caughtBy: 'syft/fields-unknown',
    },
    {
      what: 'ignores fields',
      from: "['runId', ...names.filter(isRunField)]",
      to: 'runFields',
      caughtBy: 'syft/fields',
    },
    {
      what: 'leaves out runId',
      from: "['runId', ...names.filter(isRunField)]",
      to: 'names.filter(isRunField)',
      caughtBy: 'syft/fields-order',
    },
    {
      what: 'reads spaces as part of a name',
      from: '.map((name) => name.trim())',
      to: '',
      caughtBy: 'syft/fields-order',
    },
    {
      what: 'begins anew where a cursor is damaged',
      from: 'if (cursor !== undefined && !after) throw new InvalidCursor()',
      to: '',
      caughtBy: 'syft/cursor-damaged',
    },
  ]),
  ...inFile('apis/syft/cursor.ts', [
    {
      what: 'takes cursors of other motions',
      from: "createHash('sha256').update(motionId)",
      to: "createHash('sha256')",
      caughtBy: 'syft/cursor-of-another-motion',
    },
    {
      what: 'makes cursors that cannot stand in a URL',
      from: "Buffer.concat([tagOf(motionId, position), position]).toString('base64url')",
      to: "`${Buffer.concat([tagOf(motionId, position), position]).toString('base64url')}+/=`",
      caughtBy: 'syft/cursor-url-safe',
    },
  ]),
  ...inFile('apis/syft/page.ts', [
    {
      what: 'says that there is more when there is not',
      from: 'const hasMore = rows.length > page.limit',
      to: 'const hasMore = rows.length > 0',
      caughtBy: 'syft/page-shape',
    },
    {
      what: 'says that there is no more when there is',
      from: 'const hasMore = rows.length > page.limit',
      to: 'const hasMore = rows.length > page.limit + 1',
      caughtBy: 'syft/walk',
    },
    {
      what: 'leaves out the last run of a page',
      from: 'rows.slice(0, page.limit)',
      to: 'rows.slice(0, page.limit - 1)',
      caughtBy: 'syft/limit',
    },
    {
      what: 'has a word for no cursor',
      from: '${JSON.stringify(nextCursor)}',
      to: '${JSON.stringify(nextCursor ?? "")}',
      caughtBy: 'syft/page-shape',
    },
    {
      what: 'shows contacts as a text',
      from: "`[${run.contacts ?? ''}]`",
      to: "JSON.stringify(run.contacts ?? '')",
      caughtBy: 'syft/item-fields',
    },
  ]),
  ...inFile('apis/syft/page-query.ts', [
    {
      what: 'loses runs of one instant between pages',
      from: 'sql`(${by}, ${run.id}) > ${position}`',
      to: 'sql`${by} > ${sql.param(new Date(after.at), by)}`',
      caughtBy: 'syft/cursor-ties',
    },
    {
      what: 'serves the last run of a page again',
      from: 'sql`(${by}, ${run.id}) > ${position}`',
      to: 'sql`(${by}, ${run.id}) >= ${position}`',
      caughtBy: 'syft/walk',
    },
    {
      what: 'orders by what runs are filtered by',
      from: "motion.order === 'updatedAt' ? run.updatedAt : run.createdAt",
      to: 'page.from === undefined ? run.createdAt : run.updatedAt',
      caughtBy: 'syft/order-instant',
    },
  ]),
  ...inFile('wire/instant.ts', [
    {
      what: 'shows times without their milliseconds',
      from: 'return new Date(epochMs).toISOString()',
      to: "return new Date(epochMs).toISOString().replace(/\\.\\d+/, '')",
      caughtBy: 'syft/item-instants',
    },
  ]),
  ...inFile('control/policy/limit.ts', [
    {
      what: 'lets one request too many in',
      from: 'requests <= limit.requests',
      to: 'requests <= limit.requests + 1',
      caughtBy: 'syft/rate-limit',
    },
    { what: 'says not when to try again', from: "'retry-after': retryAfter, ", to: '', caughtBy: 'syft/rate-limit' },
  ]),
  ...inFile('control/journal/open.ts', [
    {
      what: 'lets revoked keys in',
      from: 'own?.api === module.name && own.revokedAt === null',
      to: 'own?.api === module.name',
      caughtBy: 'syft/revoked-key',
    },
    {
      what: 'dates its answers by another clock',
      from: "if (caller) reply.header('date'",
      to: "if (caller) reply.header('x-date'",
      caughtBy: 'syft/clock',
    },
  ]),
]
