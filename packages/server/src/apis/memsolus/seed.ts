import { LRUCache } from 'lru-cache'
import { loadFaker, type Random, randomOf } from '../../random.ts'
import { awkwardSentences } from './seed/awkward.ts'
import { buildMemsolusPools, type MemsolusPools } from './seed/pools.ts'
import { sentences } from './seed/sentences.ts'

/** A made-up memory. When it was created is the caller's choice; the two others follow that many milliseconds later. */
export type MadeMemory = {
  id: string
  memory: string
  user_id: string
  agent_id: string | null
  session_id: string | null
  priority: 'LOW' | 'MEDIUM' | 'HIGH'
  categories: string[]
  metadata: Record<string, unknown>
  access_count: number
  updatedAfterMs: number
  lastAccessedAfterMs: number | null
}

const dayMs = 86_400_000

const builtPools = new LRUCache<number, Promise<MemsolusPools>>({ max: 16 })

/** The pools of a seed, built when first asked for and kept for the last few seeds. */
export function loadMemsolusPools(seed: number): Promise<MemsolusPools> {
  const pools = builtPools.get(seed) ?? loadFaker(seed).then((faker) => buildMemsolusPools(faker, seed))
  builtPools.set(seed, pools)
  return pools
}

/** The memory with this number of a seed, the same whenever it is made and whatever else is (M-FILE-5c). */
export function makeMemory(pools: MemsolusPools, { seed, index }: { seed: number; index: number }): MadeMemory {
  const random = randomOf(seed, 'memory', index)
  const id = random.uuid()
  const session = random.pick(pools.sessions)
  const category = random.pick(categoryNames)
  const accessCount = random.chance(0.4) ? 0 : random.int(1, 40)
  return {
    id,
    memory: random.chance(1 / 12) ? random.pick(awkwardSentences)(random, pools) : plainText(random, pools, category),
    user_id: session.user,
    agent_id: random.chance(0.2) ? null : random.pick(pools.agents),
    session_id: random.chance(0.25) ? null : session.id,
    priority: random.pick(priorities),
    categories: categoriesBeside(random, category),
    metadata: makeMetadata(random, pools),
    access_count: accessCount,
    updatedAfterMs: random.chance(0.75) ? 0 : random.int(1_000, 10 * dayMs),
    lastAccessedAfterMs: accessCount === 0 ? null : random.int(1_000, 30 * dayMs),
  }
}

/** The workspace with this number of a seed. */
export function makeWorkspace({ seed, index }: { seed: number; index: number }): { id: string; name: string } {
  const random = randomOf(seed, 'workspace', index)
  return { id: random.uuid(), name: `${random.pick(workspaceOwners)} ${random.pick(workspaceUses)}` }
}

const categoryNames = Object.keys(sentences) as (keyof typeof sentences)[]
const priorities = ['LOW', 'LOW', 'LOW', 'MEDIUM', 'MEDIUM', 'MEDIUM', 'MEDIUM', 'HIGH', 'HIGH'] as const
const workspaceOwners = ['Acorn', 'Birch', 'Cedar', 'Delta', 'Ember', 'Fjord', 'Garnet', 'Hazel']
const workspaceUses = ['assistant', 'support desk', 'concierge', 'care team', 'lab', 'personal agents']

function plainText(random: Random, pools: MemsolusPools, category: keyof typeof sentences): string {
  const first = random.int(0, sentences[category].length - 1)
  const count = random.int(1, 3)
  return Array.from({ length: count }, (_, index) => {
    const sentence = sentences[category][(first + index) % sentences[category].length]
    return sentence?.(random, pools) ?? ''
  }).join(' ')
}

/** None, or the memory's own category and up to two others. */
function categoriesBeside(random: Random, category: string): string[] {
  if (random.chance(0.12)) return []
  const others = random.chance(0.4) ? [random.pick(categoryNames), random.pick(categoryNames)] : []
  return [...new Set([category, ...others.slice(0, random.int(0, 2))])]
}

function makeMetadata(random: Random, pools: MemsolusPools): Record<string, unknown> {
  if (random.chance(0.55)) return {}
  switch (random.int(0, 5)) {
    case 0:
      return { source: 'chat', confidence: random.int(50, 100) / 100 }
    case 1:
      return { source: 'email', message_id: `msg_${random.hex(10)}`, verified: random.chance(0.5) }
    case 2:
      return { source: { type: 'document', page: random.int(1, 300), tags: ['a', 'b, c'] }, reviewed_by: null }
    case 3:
      return { pinned: random.chance(0.5), expires: null, score: -random.int(1, 900) / 10 }
    case 4:
      return { city: random.pick(pools.cities), 'key "with", marks': 'value\nof two lines', empty: '', list: [] }
    default:
      return { import: { batch: random.int(1, 40), row: { number: random.int(1, 5_000), ok: true } } }
  }
}
