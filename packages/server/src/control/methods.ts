import type { FastifyInstance } from 'fastify'

/** Remembers the methods of the routes that are registered from now on. Answers those that a path takes. */
export function rememberMethods(app: FastifyInstance): (path: string) => string[] {
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()])
  })
  return (path) => {
    const segments = path.split('/')
    const taken = [...methods].flatMap(([pattern, names]) => (isLike(segments, pattern.split('/')) ? names : []))
    return [...new Set(taken)]
  }
}

function isLike(segments: readonly string[], pattern: readonly string[]): boolean {
  const matches = (segment: string, position: number) =>
    pattern[position]?.startsWith(':') ? segment !== '' : segment === pattern[position]
  return segments.length === pattern.length && segments.every(matches)
}
