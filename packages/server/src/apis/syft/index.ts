import { STATUS_CODES } from 'node:http'
import type { ApiModule } from '../../api-module.ts'
import { syftActions } from './actions.ts'
import { beginSyft, syftDescription } from './begin.ts'
import { syftDataRoutes } from './data/routes.ts'
import { SyftData } from './data/schemas.ts'
import { MethodNotAllowed, PathNotFound, statusTexts } from './errors.ts'
import { syftJudge } from './findings.ts'
import { keyRules, readKey } from './keys.ts'
import { syftRoutes } from './routes.ts'
import { syftScenarios } from './scenarios.ts'
import { loadSyftPools } from './seed.ts'
import { syftSubject } from './subject.ts'
import { accounts, contacts, motions, organizations, runs, runVersions, sessions } from './tables.ts'

/** The Syft Export API: runs of motions, polled page by page. */
export const syft: ApiModule<typeof SyftData> = {
  name: 'syft',
  prefix: '/api',
  tables: [organizations, motions, accounts, contacts, sessions, runs],
  pastTables: [runVersions],
  routes: syftRoutes,
  subject: syftSubject,
  allowedMethods: (path) => (/^\/api\/motion\/[^/]+\/export$/.test(path) ? ['GET', 'HEAD'] : undefined),
  operations: ['syft.exportRuns'],
  readKey,
  actions: syftActions,
  // S-ERR-1, X-HTTP-2c
  formatError: ({ statusCode = 500, message }) => ({
    status: statusCode,
    body: { error: statusCode >= 500 ? 'Internal server error' : message },
  }),
  errors: {
    pathNotFound: () => new PathNotFound(),
    methodNotAllowed: () => new MethodNotAllowed(),
  },
  faultBody: (status) => ({ error: statusTexts[status] ?? STATUS_CODES[status] ?? 'Error' }),
  controlRoutes: syftDataRoutes,
  keys: keyRules,
  judge: syftJudge,
  scenarios: syftScenarios,
  dataSchema: SyftData,
  prepare: loadSyftPools,
  begin: beginSyft,
  description: syftDescription,
}
