import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

rmSync('dist', { recursive: true, force: true })

await build({
  entryPoints: ['src/main.ts', 'src/make-image.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // It finds its WebAssembly beside itself.
  external: ['@electric-sql/pglite'],
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

const { status } = spawnSync(process.execPath, ['dist/make-image.js'], { stdio: 'inherit' })
process.exit(status ?? 1)
