import { defineConfig } from 'vitest/config'

// One server for the whole run. Without it each test file has one of its own.
export default defineConfig({ test: { globalSetup: ['sandport/global-setup'] } })
