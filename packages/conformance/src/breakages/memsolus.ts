// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates are those of the server.

import { type Breakage, inFile } from './breakage.ts'

export const memsolusBreakages: readonly Breakage[] = [
  ...inFile('apis/memsolus/transitions.ts', [
    {
      what: 'keeps files for 71 hours',
      from: '72 * 3_600_000',
      to: '71 * 3_600_000',
      caughtBy: 'memsolus/life-exactly-72-hours',
    },
    {
      what: 'keeps files for 73 hours',
      from: '72 * 3_600_000',
      to: '73 * 3_600_000',
      caughtBy: 'memsolus/life-exactly-72-hours',
    },
  ]),
  ...inFile('apis/memsolus/keys.ts', [
    {
      what: 'reads keys from another header',
      from: "headers['x-api-key']",
      to: 'headers.authorization',
      caughtBy: 'memsolus/key',
    },
  ]),
  ...inFile('apis/memsolus/routes.ts', [
    {
      what: 'answers a creation with 201',
      from: 'reply.status(202)',
      to: 'reply.status(201)',
      caughtBy: 'memsolus/create',
    },
    {
      what: 'asks for no permission',
      from: 'if (!caller.permissions.includes(permission)) throw new Forbidden(permission)',
      to: '',
      caughtBy: 'memsolus/permissions',
    },
    { what: 'lists 10 exports by default', from: "?? '20'", to: "?? '10'", caughtBy: 'memsolus/list-pages' },
    {
      what: 'caps no page size',
      from: 'Math.min(paging.pageSize, 100)',
      to: 'paging.pageSize',
      caughtBy: 'memsolus/list-capped',
    },
    {
      what: 'has no last page where there are no exports',
      from: 'Math.max(1, Math.ceil(total / pageSize))',
      to: 'Math.ceil(total / pageSize)',
      caughtBy: 'memsolus/list-empty',
    },
  ]),
  ...inFile('apis/memsolus/queries.ts', [
    {
      what: 'lists the oldest first',
      from: 'desc(exportJobs.createdAt), desc(exportJobs.ordinal)',
      to: 'exportJobs.createdAt, exportJobs.ordinal',
      caughtBy: 'memsolus/list-order',
    },
    {
      what: 'shows the exports of others',
      from: 'eq(exportJobs.id, id), eq(exportJobs.workspaceId, ownerId)',
      to: 'eq(exportJobs.id, id)',
      caughtBy: 'memsolus/get-of-another',
    },
  ]),
  ...inFile('apis/memsolus/create-query.ts', [
    {
      what: 'takes 21 categories',
      from: 'MAX_CATEGORIES = 20',
      to: 'MAX_CATEGORIES = 21',
      caughtBy: 'memsolus/create-invalid',
    },
    {
      what: 'makes CSV where no format is asked for',
      from: "?? 'json'",
      to: "?? 'csv'",
      caughtBy: 'memsolus/create-format',
    },
    {
      what: 'ignores the priority',
      from: "query.first('priority')",
      to: "query.first('importance')",
      caughtBy: 'memsolus/filters',
    },
  ]),
  ...inFile('apis/memsolus/errors.ts', [
    {
      what: 'answers 404 to an expired export',
      from: "Create a new export.',\n  410,",
      to: "Create a new export.',\n  404,",
      caughtBy: 'memsolus/life-72-hours',
    },
    {
      what: 'has another code for what is not ready',
      from: "'EXPORT_NOT_READY',\n  'Export %s is still",
      to: "'NOT_READY',\n  'Export %s is still",
      caughtBy: 'memsolus/download-not-ready',
    },
    {
      what: 'answers 400 to a format that there is not',
      from: "Use json, csv or markdown.',\n  422,",
      to: "Use json, csv or markdown.',\n  400,",
      caughtBy: 'memsolus/create-invalid',
    },
  ]),
  ...inFile('apis/memsolus/exports.ts', [
    {
      what: 'leaves out a field',
      from: '    agent_id: row.agentId,\n',
      to: '',
      caughtBy: 'memsolus/object-all-fields',
    },
  ]),
  ...inFile('apis/memsolus/download.ts', [
    {
      what: 'sends no length',
      from: "      'content-length': opened.sizeBytes,\n",
      to: '',
      caughtBy: 'memsolus/download-headers',
    },
    {
      what: 'names the charset',
      from: "'content-type': contentType,",
      to: "'content-type': `${contentType}; charset=utf-8`,",
      caughtBy: 'memsolus/download-headers',
    },
    {
      what: 'shows files in the browser',
      from: 'attachment; filename',
      to: 'inline; filename',
      caughtBy: 'memsolus/download-headers',
    },
  ]),
  ...inFile('apis/memsolus/render/csv.ts', [
    {
      what: 'quotes nothing in CSV',
      from: '/[",\\r\\n]/.test(text)',
      to: 'false',
      caughtBy: 'memsolus/file-csv-quoting',
    },
    {
      what: 'ends lines of CSV in LF',
      from: "map((field) => fieldText(shown[field])).join(',')}\\r\\n`",
      to: "map((field) => fieldText(shown[field])).join(',')}\\n`",
      caughtBy: 'memsolus/file-csv',
    },
    {
      what: 'writes null as a word in CSV',
      from: "if (value === null) return ''",
      to: "if (value === null) return 'null'",
      caughtBy: 'memsolus/file-csv-quoting',
    },
  ]),
  ...inFile('apis/memsolus/render/json.ts', [
    { what: 'ends JSON without a line break', from: "'\\n]\\n'", to: "'\\n]'", caughtBy: 'memsolus/file-json' },
  ]),
  ...inFile('apis/memsolus/render/markdown.ts', [
    {
      what: 'fences every text in three backticks',
      from: 'Math.max(3, longestRun(text) + 1)',
      to: '3',
      caughtBy: 'memsolus/file-markdown-fence',
    },
  ]),
  ...inFile('apis/memsolus/render/memories.ts', [
    {
      what: 'exports what was added later',
      from: '    lt(memories.revision, row.revision),\n',
      to: '',
      caughtBy: 'memsolus/create-snapshot',
    },
    {
      what: 'exports a memory created at exactly created_after',
      from: 'gt(memories.createdAt, row.createdAfter)',
      to: 'sql`${memories.createdAt} >= ${sql.param(row.createdAfter, memories.createdAt)}`',
      caughtBy: 'memsolus/created-instant',
    },
  ]),
]
