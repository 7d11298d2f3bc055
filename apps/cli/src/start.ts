import { Command, InvalidArgumentError, Option } from 'commander'
import { given, wholeNumber } from './options.ts'
import type { StartOptions } from './start-server.ts'

/** `sandport start`: serves both APIs until it is told to stop. */
export function startCommand(env: NodeJS.ProcessEnv, exit: (code: number) => void): Command {
  return new Command('start')
    .description('start the server: both APIs, from one process, with nothing else needed')
    .option('-p, --port <number>', 'port to listen on; 0 is any free port (default: 4646)', port)
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)', given)
    .option('--data <directory>', 'keep everything here, and find it again; in memory without it', given)
    .option('--seed <number>', 'what the sandbox "default" is made up from (default: 1)', wholeNumber(2_147_483_647))
    .option('--runs <count>', 'how many runs it has, up to 200000 (default: 230)', wholeNumber(200_000))
    .option('--memories <count>', 'how many memories it has, up to 200000 (default: 300)', wholeNumber(200_000))
    .option('--fixture <file>', 'what it is filled with instead, as record writes it', given)
    .option('--reading <file>', 'how sandboxes read the pages, as verify --write-reading writes it', given)
    .addOption(
      new Option('--role <role>', 'what this process does; api and worker need Postgres and Redis')
        .choices(['all', 'api', 'worker'])
        .default('all'),
    )
    .option('--json', 'print one line of JSON for other programs')
    .addHelpText('after', HELP)
    .action(async (options: StartOptions) => {
      const { start } = await import('./start-server.ts')
      exit(await start(options, env))
    })
}

const HELP = `
Environment:
  PORT, HOST              as the options, which win
  DATABASE_URL, REDIS_URL Postgres and Redis instead of the embedded ones
  FILES_URL               beside those, where export files are: a directory, or s3://bucket/prefix?endpoint=…
  PUBLIC_URL              the origin that clients reach the server at, where it is not the one it listens on
  SANDPORT_ADMIN_TOKEN    what control calls need; required beyond loopback, "off" to do without
  SANDPORT_READING        as --reading, which wins
  JOURNAL_LIMIT           how many exchanges of a sandbox are remembered (default: 10000); 0 for none
  LOG_LEVEL               debug, info, warn (default), error or silent; logs go to stderr

Examples:
  sandport start --port 0 --json
  sandport start --data ./sandport-data
  sandport start --seed 7 --runs 100000
  sandport start --fixture fixture.json
  sandport start --reading reading.json`

function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(value <= 65_535)) throw new InvalidArgumentError('Use a number from 0 to 65535; 0 is any free port.')
  return value
}
