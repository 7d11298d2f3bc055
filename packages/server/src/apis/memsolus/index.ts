import { STATUS_CODES } from 'node:http'
import type { ApiModule } from '../../api-module.ts'
import { memsolusActions } from './actions.ts'
import { beginMemsolus, memsolusDescription } from './begin.ts'
import { memsolusDataRoutes } from './data/routes.ts'
import { MemsolusData } from './data/schemas.ts'
import { countDueExports, nextDueExport } from './due.ts'
import { MethodNotAllowed, PathNotFound, statusCodes } from './errors.ts'
import { countFileBytes, forgetClaims, removeUnknownFiles, removeUnreferencedFiles } from './files.ts'
import { memsolusJudge } from './findings.ts'
import { keyRules, readKey } from './keys.ts'
import { settleExport } from './lifecycle.ts'
import { countExports } from './queries.ts'
import { memsolusRoutes } from './routes.ts'
import { memsolusScenarios } from './scenarios.ts'
import { loadMemsolusPools } from './seed.ts'
import { memsolusSubject } from './subject.ts'
import { exportJobs, memories, unclaimed, workspaces } from './tables.ts'
import { wakeDueExports } from './wake.ts'

/** The Memsolus Exports API: jobs that are created, polled, downloaded, and expire. */
export const memsolus: ApiModule<typeof MemsolusData> = {
  name: 'memsolus',
  prefix: '/v1',
  tables: [workspaces, memories, exportJobs],
  pastTables: [],
  copiedAs: new Map([[exportJobs, unclaimed]]),
  routes: memsolusRoutes,
  subject: memsolusSubject,
  allowedMethods: (path) => {
    if (path === '/v1/exports') return ['GET', 'HEAD', 'POST']
    return /^\/v1\/exports\/[^/]+(\/download)?$/.test(path) ? ['GET', 'HEAD'] : undefined
  },
  operations: ['createExport', 'listExports', 'getExport', 'downloadExport'].map((call) => `memsolus.${call}`),
  readKey,
  actions: memsolusActions,
  // M-ERR-1, M-ERR-2c, X-HTTP-2c
  formatError: ({ statusCode = 500, code, message }) => {
    const isOwn = statusCode < 500 || code === 'EXPORT_FILE_MISSING'
    const shown = isOwn ? { error: code, message } : { error: 'INTERNAL_ERROR', message: 'Internal server error' }
    return { status: statusCode, body: { ...shown, statusCode } }
  },
  errors: { pathNotFound: () => new PathNotFound(), methodNotAllowed: () => new MethodNotAllowed() },
  faultBody(statusCode) {
    const message = STATUS_CODES[statusCode] ?? 'Error'
    return { error: statusCodes[statusCode] ?? message.toUpperCase().replaceAll(/[^A-Z]+/g, '_'), message, statusCode }
  },
  controlRoutes: memsolusDataRoutes,
  keys: keyRules,
  judge: memsolusJudge,
  scenarios: memsolusScenarios,
  dataSchema: MemsolusData,
  prepare: loadMemsolusPools,
  begin: beginMemsolus,
  description: memsolusDescription,
  nextDue: nextDueExport,
  countDue: countDueExports,
  wakeDue: wakeDueExports,
  countJobs: countExports,
  fileBytes: countFileBytes,
  tidy: removeUnreferencedFiles,
  recover: forgetClaims,
  sweep: removeUnknownFiles,
  async work(deps, job) {
    await settleExport(deps, job)
  },
}
