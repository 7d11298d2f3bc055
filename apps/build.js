// node ../build.js ENTRY…: bundles a program into dist/, with the migrations and the parts of the page of documents beside it.
import { cpSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })

await build({
  entryPoints: process.argv.slice(2),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // The library for S3 would say on stderr, where logs are JSON, how long its releases are for Node 20.
  define: { 'process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED': '"true"' },
  // The one finds its WebAssembly beside itself, and the other is the one that runs the tests.
  external: ['@electric-sql/pglite', 'vitest'],
  // Packages in CommonJS ask for these.
  banner: {
    js: [
      "import { createRequire as createRequireOfBundle } from 'node:module'",
      "import { dirname as dirnameOfBundle } from 'node:path'",
      "import { fileURLToPath as fileURLToPathOfBundle } from 'node:url'",
      'const require = createRequireOfBundle(import.meta.url)',
      'const __filename = fileURLToPathOfBundle(import.meta.url)',
      'const __dirname = dirnameOfBundle(__filename)',
    ].join(';'),
  },
  logLevel: 'warning',
})
cpSync('../../drizzle', 'dist/drizzle', { recursive: true })
for (const asset of [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'LICENSE',
  'NOTICE',
]) {
  cpSync(`../../packages/server/node_modules/swagger-ui-dist/${asset}`, `dist/swagger-ui/${asset}`)
}
