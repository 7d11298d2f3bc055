import { makeImage } from '@sandport/server'
import { pino } from 'pino'

await makeImage(pino({ level: 'warn' }, pino.destination(2)))
