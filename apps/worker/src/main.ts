#!/usr/bin/env node
import { readSettings, refuseOpen, runUntilStopped, servicesOfWorker, startSandportWorker } from '@sandport/server'
import { pino } from 'pino'

/** Renders exports and does what is due: one of any number on the same services. */
process.exitCode = await runUntilStopped({
  async start() {
    const settings = readSettings(process.env, { logLevel: 'info' })
    refuseOpen(settings)
    const log = pino({ level: settings.logLevel })
    return { log, ...(await startSandportWorker({ ...settings, services: servicesOfWorker(settings), log })) }
  },
  announce: ({ log, url }) => log.info({ url }, 'ready'),
})
