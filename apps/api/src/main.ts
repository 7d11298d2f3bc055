#!/usr/bin/env node
import { readSettings, refuseOpen, runUntilStopped, startSandport } from '@sandport/server'
import { pino } from 'pino'

/** Both APIs and the control API, without a worker: one of any number on the same services. */
process.exitCode = await runUntilStopped({
  async start() {
    const settings = readSettings(process.env, { logLevel: 'info' })
    refuseOpen(settings)
    const log = pino({ level: settings.logLevel })
    return { log, ...(await startSandport({ ...settings, withoutWorker: true, log })) }
  },
  announce: ({ log, url }) => log.info({ url }, 'ready'),
})
