import manifest from '../package.json' with { type: 'json' }

/** The version of Sandport. */
export const version: string = manifest.version
