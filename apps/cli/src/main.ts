#!/usr/bin/env node
import { constants } from 'node:os'
import { runCommand } from './command.ts'

// Whoever reads what is printed may have read enough, as `head` has: then it ends as other programs do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(128 + constants.signals.SIGPIPE)
})

process.exitCode = await runCommand(process.argv.slice(2), process.env)
