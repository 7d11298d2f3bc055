import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('is a small bundle for browsers, with nothing in it but its own files', async () => {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('index.ts', import.meta.url))],
    bundle: true,
    minify: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    write: false,
    metafile: true,
  })
  const [output] = Object.values(metafile.outputs)
  expect(output?.imports).toEqual([])
  expect(Object.keys(metafile.inputs).filter((path) => !/^packages\/client\/src\/[^/]+\.ts$/.test(path))).toEqual([])
  const [file] = outputFiles
  const compressedBytes = gzipSync(file?.contents ?? '').byteLength
  process.stdout.write(`The client is ${file?.contents.byteLength} bytes minified, ${compressedBytes} compressed.\n`)
  expect(file?.text).not.toContain('node:')
  expect(compressedBytes).toBeLessThan(12_000)
})
