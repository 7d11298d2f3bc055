import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { documentNames } from '../../harness/document-names.ts'
import { control, request } from '../../harness/sandbox.ts'

type Document = {
  openapi: string
  servers: { url: string }[]
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>
}

async function readDocument(name: string): Promise<Document> {
  const { status, body } = await request<Document>(`/_sandport/openapi/${name}`)
  expect(status).toBe(200)
  return body
}

const callsIn = ({ paths }: Document) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, '{}')}`),
  )

describe('the OpenAPI documents', () => {
  it.each(documentNames)('%s is served, and says where', async (name) => {
    const { openapi, servers } = await readDocument(name)
    expect(openapi).toMatch(/^3\.1\./)
    expect(servers[0]?.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  })

  it('hold every call of the vendors', async () => {
    const idsIn = ({ paths }: Document) =>
      Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    expect(idsIn(await readDocument('syft.json'))).toEqual(['exportRuns'])
    expect(idsIn(await readDocument('memsolus.json')).toSorted()).toEqual([
      'createExport',
      'downloadExport',
      'getExport',
      'listExports',
    ])
  })

  it.each(['control-api', 'journal', 'scripts'])('hold every control call that docs/%s.md lists', async (page) => {
    const text = await readFile(new URL(`../../../docs/${page}.md`, import.meta.url), 'utf8')
    const listed = [...text.matchAll(/`(GET|POST|PUT|PATCH|DELETE) ([…/][^\s`]*)`/g)].map(([, method, path = '']) => {
      const { pathname } = new URL(path.replace(/^…\/\{id\}/, '…/memsolus/exports/{id}'), 'http://page')
      const whole = decodeURIComponent(pathname)
        .replace('/…', '/sandboxes/{}')
        .replaceAll(/\{\w+\}/g, '{}')
      return `${method} /_sandport${whole}`
    })
    const known = callsIn(await readDocument('control.json'))
    expect(listed.length).toBeGreaterThan(2)
    expect(listed.filter((call) => !known.includes(call))).toEqual([])
  })

  it('are three: any other is a 404', async () => {
    const { status, body } = await control('GET', '/openapi/stripe.json')
    expect([status, body.error]).toEqual([404, 'DOCUMENT_NOT_FOUND'])
    expect(body.message).toContain('control.json')
  })
})

describe('the page of documents', () => {
  it('is HTML, and all that it is made of comes from the server', async () => {
    const page = await request<string>('/_sandport/docs')
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(page.text).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    const assets = [...page.text.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, path]) => path)
    expect(assets).toHaveLength(3)
    for (const path of assets) expect((await request(`/_sandport/${path}`)).status).toBe(200)
    for (const name of documentNames) expect(page.text).toContain(`openapi/${name}`)
  })

  it('has no other parts', async () => {
    const { status, body } = await control('GET', '/docs/logo.png')
    expect([status, body.error]).toEqual([404, 'NOT_FOUND'])
  })
})
