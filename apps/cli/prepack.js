// Completes the package: the declarations of what it exports, what CommonJS requires, and the license.
import { copyFileSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'
import { declare } from './declarations.js'

declare(['index', 'client', 'conformance', 'vitest', 'global-setup', 'global-teardown'], 'dist/types', ['vitest'])
declare(['required', 'client'], 'dist/required/types', [])

await build({
  entryPoints: ['src/required.ts', 'src/client.ts'],
  outdir: 'dist/required',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  plugins: [
    {
      name: 'the server stays a module',
      setup: ({ onResolve }) =>
        onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path: '../index.js', external: true })),
    },
  ],
  logLevel: 'warning',
})
writeFileSync('dist/required/package.json', '{ "type": "commonjs" }\n')
copyFileSync('../../LICENSE', 'LICENSE')
