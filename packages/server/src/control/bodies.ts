import type { FastifyInstance, FastifyRequest } from 'fastify'
import { InvalidJson, UnsupportedMediaType } from './errors.ts'

/** Takes JSON alone. An empty body is none, whatever it is said to be: many clients name a type and send nothing. */
export function takeJson(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.trim() === '') return done(null, null)
    void parseJson(request, body, (error, value) => (error ? done(new InvalidJson(whyNot(body))) : done(null, value)))
  })
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, null)
    done(new UnsupportedMediaType(typeOf(request)))
  })
}

function whyNot(body: string): string {
  try {
    JSON.parse(body)
    return 'it has a property "__proto__" or "constructor.prototype"'
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`
  }
}

function typeOf({ headers }: FastifyRequest): string {
  return headers['content-type'] ?? 'nothing'
}
