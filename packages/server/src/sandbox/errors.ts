import createError from '@fastify/error'

export const SandboxNotFound = createError<[string]>('SANDBOX_NOT_FOUND', 'There is no sandbox "%s"', 404)
