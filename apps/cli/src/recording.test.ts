import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { OtherRecording, openRecording } from './recording.ts'

const subject = {
  url: 'http://host',
  motionId: 'm',
  statuses: ['failed', 'completed'],
  since: null,
  keepsPersonalData: false,
}
const run = (runId: string, updatedAt: string, status = 'completed') => ({
  runId,
  status,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt,
})

async function testPath(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sandport-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return join(directory, 'fixture.json.partial')
}

it('goes on with the same salt, runs and places', async () => {
  const path = await testPath()
  const first = await openRecording(path, subject)
  expect([first.before, first.placeIn('failed')]).toEqual([0, null])
  await first.add({
    status: 'failed',
    cursor: null,
    runs: [run('a', '2026-01-02T00:00:00.000Z', 'failed')],
    left: ['x'],
  })
  await first.add({ status: 'completed', cursor: 'c1', runs: [run('b', '2026-01-02T00:00:00.000Z')], left: ['x', 'y'] })
  await first.close()

  const second = await openRecording(path, subject)
  expect(second.salt).toBe(first.salt)
  expect([second.before, second.runs]).toEqual([2, first.runs])
  expect([second.placeIn('failed'), second.placeIn('completed')]).toEqual([undefined, 'c1'])
  expect(Object.fromEntries(second.left)).toEqual({ x: 2, y: 1 })
  await second.close()
})

it('passes over what a process had begun to write when it was ended', async () => {
  const path = await testPath()
  const first = await openRecording(path, subject)
  await first.add({ status: 'failed', cursor: 'c1', runs: [run('a', '2026-01-02T00:00:00.000Z')], left: [] })
  await first.close()
  const whole = await readFile(path, 'utf8')
  await appendFile(path, '{"status":"failed","cursor":"c2","runs":[{"runI')

  const second = await openRecording(path, subject)
  expect(second.placeIn('failed')).toBe('c1')
  expect(await readFile(path, 'utf8')).toBe(whole)
  await second.add({ status: 'failed', cursor: 'c2', runs: [], left: [] })
  await second.close()
  const third = await openRecording(path, subject)
  expect(third.placeIn('failed')).toBe('c2')
  await third.close()
})

it('has of a run that was met twice what it was at its latest update', async () => {
  const recording = await openRecording(await testPath(), subject)
  const [early, late] = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z']
  const page = (runs: ReturnType<typeof run>[]) => recording.add({ status: 'completed', cursor: null, runs, left: [] })
  await page([run('a', early, 'running'), run('b', late)])
  await page([run('a', late), run('b', early, 'running')])
  expect([...recording.runs.values()].map(({ status }) => status)).toEqual(['completed', 'completed'])
  await recording.close()
})

it('begins anew where not even the first line is whole', async () => {
  const path = await testPath()
  await writeFile(path, '{"recording":1,"subj')
  const recording = await openRecording(path, subject)
  await recording.close()
  expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ subject })
})

it.each([
  ['another motion', JSON.stringify({ recording: 1, subject: { ...subject, motionId: 'n' }, salt: 's' }).concat('\n')],
  ['something else', '{"a": 1}'],
  ['no JSON', 'mine'],
])('is not one of %s', async (_, content) => {
  const path = await testPath()
  await writeFile(path, content)
  await expect(openRecording(path, subject)).rejects.toThrow(OtherRecording)
  expect(await readFile(path, 'utf8')).toBe(content)
})
