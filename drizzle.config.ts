import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: ['packages/server/src/sandbox/tables.ts', 'packages/server/src/{apis,control}/*/tables.ts'],
  out: 'drizzle',
  schemaFilter: ['sandport', 'syft', 'memsolus'],
})
