import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { buffer, text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import type { FilesPort } from './files.ts'

const MEGABYTE = Buffer.alloc(1024 * 1024, 'sandport ')
/** More than any adapter holds back. */
export const MANY = 20

/** So many megabytes, and what is to come after them. */
export async function* megabytes(count: number, then?: () => unknown) {
  for (let sent = 0; sent < count; sent++) yield MEGABYTE
  await then?.()
}

async function* parts(...all: (string | Uint8Array)[]) {
  yield* all
}

/** What every adapter does alike. `open` answers one that nothing is in, and which ends with the test. */
export function filesContract(open: () => Promise<FilesPort>): void {
  describe('as any files', () => {
    it('keeps texts and bytes as they came, and counts bytes', async () => {
      const files = await open()
      expect(await files.write('a-1.b-2', parts('größer\n', Buffer.from([0, 255]), '', 'än'))).toBe(14)
      const file = await files.read('a-1.b-2')
      expect(file?.sizeBytes).toBe(14)
      expect(file && (await buffer(file.content))).toEqual(
        Buffer.from([...Buffer.from('größer\n'), 0, 255, ...Buffer.from('än')]),
      )
    })

    it('keeps a file in which nothing is', async () => {
      const files = await open()
      expect(await files.write('empty', parts())).toBe(0)
      const file = await files.read('empty')
      expect(file?.sizeBytes).toBe(0)
      expect(file && (await text(file.content))).toBe('')
      expect(await files.list()).toEqual(['empty'])
    })

    it('keeps a file of many megabytes', async () => {
      const files = await open()
      const sizeBytes = MANY * MEGABYTE.length
      expect(await files.write('large', megabytes(MANY))).toBe(sizeBytes)
      const file = await files.read('large')
      expect(file?.sizeBytes).toBe(sizeBytes)
      const hash = createHash('sha256')
      for (let sent = 0; sent < MANY; sent++) hash.update(MEGABYTE)
      const found = createHash('sha256')
      for await (const chunk of file?.content ?? []) found.update(chunk)
      expect(found.digest('hex')).toBe(hash.digest('hex'))
    })

    it('has no file that nobody wrote, and removes it without a word', async () => {
      const files = await open()
      expect(await files.read('missing')).toBeUndefined()
      await files.remove('missing')
      expect(await files.list()).toEqual([])
    })

    it('lists what there is, and not what was removed', async () => {
      const files = await open()
      for (const key of ['one', 'two', 'two.more']) await files.write(key, parts(key))
      expect((await files.list()).sort()).toEqual(['one', 'two', 'two.more'])
      await files.remove('two')
      expect((await files.list()).sort()).toEqual(['one', 'two.more'])
      expect(await files.read('two')).toBeUndefined()
      const file = await files.read('two.more')
      expect(file && (await text(file.content))).toBe('two.more')
    })

    it('shows a file only when it is whole, but lists it before', async () => {
      const files = await open()
      const seen: unknown[] = []
      await files.write(
        'slow',
        megabytes(MANY, async () => seen.push(await files.read('slow'), await files.list())),
      )
      expect(seen).toEqual([undefined, ['slow']])
      expect(await files.list()).toEqual(['slow'])
    })

    it('never shows a file that was removed while it was written', async () => {
      const files = await open()
      await expect(
        files.write(
          'removed',
          megabytes(MANY, () => files.remove('removed')),
        ),
      ).rejects.toThrow()
      expect(await files.read('removed')).toBeUndefined()
      expect(await files.list()).toEqual([])
    })

    it.each([0, 1, MANY])('leaves nothing of a file whose content fails after %i megabytes', async (count) => {
      const files = await open()
      const failure = new Error('No more')
      const content = megabytes(count, () => Promise.reject(failure))
      await expect(files.write('failed', content)).rejects.toBe(failure)
      expect(await files.list()).toEqual([])
      expect(await files.read('failed')).toBeUndefined()
      await files.write('failed', parts('whole'))
      expect(await files.list()).toEqual(['failed'])
    })

    it('reads on in a file that is removed', async () => {
      const files = await open()
      await files.write('open', megabytes(MANY))
      const file = await files.read('open')
      await files.remove('open')
      expect(file && (await buffer(file.content)).length).toBe(MANY * MEGABYTE.length)
    })

    it('is not held up by readers who went away', async () => {
      const files = await open()
      await files.write('left', megabytes(1))
      for (let left = 0; left < 60; left++) {
        const content = (await files.read('left'))?.content
        content?.destroy()
        if (content && !content.closed) await once(content, 'close')
      }
      const file = await files.read('left')
      expect(file && (await buffer(file.content)).length).toBe(MEGABYTE.length)
    })

    it('answers that all is well', async () => {
      const files = await open()
      await files.ping()
    })
  })
}
