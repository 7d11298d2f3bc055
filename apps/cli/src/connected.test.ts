import { describe, expect, test, vi } from 'vitest'
import { connectSandport } from './connected.ts'

describe('a connection to a server that runs', () => {
  test('is to the one that the environment names, if no other is given', () => {
    vi.stubEnv('SANDPORT_URL', 'http://127.0.0.1:4700')
    expect(connectSandport().url).toBe('http://127.0.0.1:4700')
    expect(connectSandport({ url: 'http://127.0.0.1:4701' }).url).toBe('http://127.0.0.1:4701')
  })

  test('says what is missing where none is named', () => {
    vi.stubEnv('SANDPORT_URL', '')
    expect(() => connectSandport()).toThrow(/SANDPORT_URL/)
  })
})
