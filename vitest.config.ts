import { defineConfig } from 'vitest/config'
import { findServices, type TestServices } from './test/harness/services.ts'

const services = await findServices(process.env)

/** The acceptance suite against a server of its own: the same tests, whatever is behind it. */
const acceptance = (name: 'embedded' | 'services') => ({
  test: {
    name,
    include: ['test/acceptance/**/*.test.ts'],
    globalSetup: [`test/harness/start-${name}.ts`],
    testTimeout: 30_000,
  },
})

export default defineConfig({
  test: {
    slowTestThreshold: 10_000,
    // Much of a test's time is a server's: with one file at a time, as on two processors, half of the machine is idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{packages,apps}/*/src/**/*.test.ts', 'test/{harness,rules,structure}/**/*.test.ts'],
          // None waits for anything, but a slow machine takes its time.
          testTimeout: 30_000,
          // As the build has it.
          env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
          provide: { services },
        },
      },
      acceptance('embedded'),
      ...(services ? [acceptance('services')] : []),
      // Each of these starts servers of its own.
      {
        test: {
          name: 'process',
          include: ['test/process/**/*.test.ts'],
          testTimeout: 60_000,
          // To optimize the WebAssembly of PGlite takes a third of a start, and pays only where a server is used for long.
          env: { TEST_V8_FLAGS: '--wasm-tiering-budget=100000000' },
          provide: { services },
        },
      },
    ],
  },
})

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the server answers: one for each of its processes. */
    urls: readonly [string, ...string[]]
    services: TestServices | undefined
  }
}
