import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import { answer, refusals } from '../../wire/operation.ts'
import { PathNotFound } from '../errors.ts'

const contentTypes: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
}

const Params = Type.Object({
  asset: Type.String({ description: 'A file that the page is made of', examples: ['swagger-ui.css'] }),
})
const Text = (example: string) => Type.String({ examples: [example] })

/** A page to browse the OpenAPI documents with. Nothing of it is read before somebody opens it. */
export const docsRoutes: FastifyPluginAsyncTypebox<{ modules: readonly ApiModule[] }> = async (app, { modules }) => {
  const page = pageOf([...modules.map(({ name, subject }) => ({ name, title: subject.title })), control])

  app.get(
    '/',
    {
      // The paths in the page are relative to its own.
      prefixTrailingSlash: 'no-slash',
      config: { isOpen: true },
      schema: {
        operationId: 'browseDocuments',
        summary: 'Browse the OpenAPI documents',
        tags: ['server'],
        response: {
          200: answer(Type.Any(), {
            description: 'A page for people',
            types: { 'text/html': Text('<!doctype html><title>Sandport</title>') },
          }),
        },
      },
    },
    async (_request, reply) => reply.type('text/html; charset=utf-8').send(page),
  )

  app.get(
    '/:asset',
    {
      config: { isOpen: true },
      schema: {
        operationId: 'getDocumentsAsset',
        summary: 'Read a part of the page',
        tags: ['server'],
        params: Params,
        response: {
          200: answer(Type.Any(), {
            description: 'A script or a style sheet',
            headers: { 'Cache-Control': Type.String({ description: 'For how long', examples: ['max-age=3600'] }) },
            types: { 'text/css': Text('body { margin: 0 }'), 'text/javascript': Text('export {}') },
          }),
          ...refusals(new PathNotFound('GET /_sandport/docs/logo.png')),
        },
      },
    },
    async ({ params: { asset }, url }, reply) => {
      const type = Object.hasOwn(contentTypes, asset) ? contentTypes[asset] : undefined
      if (type === undefined) throw new PathNotFound(`GET ${url}`)
      const content = await readFile(`${assetsFolder()}/${asset}`)
      return reply.headers({ 'content-type': type, 'cache-control': 'max-age=3600' }).send(content)
    },
  )
}

const control = { name: 'control', title: 'Sandport control API' }

/** The page's paths are relative, so that it also works behind a proxy with a path of its own. */
function pageOf(documents: readonly { name: string; title: string }[]): string {
  const urls = documents.map(({ name, title }) => ({ name: title, url: `openapi/${name}.json` }))
  const options = {
    dom_id: '#page',
    urls,
    'urls.primaryName': urls[0]?.name,
    layout: 'StandaloneLayout',
    validatorUrl: null,
    deepLinking: true,
    persistAuthorization: true,
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sandport: the APIs</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="page"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-standalone-preset.js"></script>
<script>
const presets = [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset]
SwaggerUIBundle({ ...${JSON.stringify(options)}, presets })
</script>
</body>
</html>
`
}

/** Swagger UI: beside the built command, or as it is installed for this package. */
function assetsFolder(): string {
  const candidates = ['./swagger-ui', '../../../node_modules/swagger-ui-dist'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error(`Failed to find Swagger UI: none of ${candidates.join(', ')} exists`)
  return found
}
