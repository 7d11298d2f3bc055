import type { Faker } from '@faker-js/faker'
import { type Random, randomOf } from '../../../random.ts'

/** What the memories of one seed are put together from. */
export type MemsolusPools = {
  users: readonly string[]
  agents: readonly string[]
  sessions: readonly { id: string; user: string }[]
  people: readonly string[]
  companies: readonly string[]
  products: readonly string[]
  dishes: readonly string[]
  cities: readonly string[]
  streets: readonly string[]
  books: readonly string[]
  songs: readonly string[]
  jobs: readonly string[]
}

// The last one must be escaped in a URL.
const users = [
  'user_ada',
  'user_bruno',
  'user_chidi',
  'user_dana',
  'user_1005',
  'user_1006',
  'guest-7f3a',
  'eva+home@mail.example',
]
const agents = ['agent_support', 'agent_travel', 'agent_coach', 'agent:home/v2']

/** Builds the pools of a seed with a faker of that seed that nothing has been drawn from. */
export function buildMemsolusPools(faker: Faker, seed: number): MemsolusPools {
  const listOf = (count: number, make: () => string) => faker.helpers.uniqueArray(make, count)
  return {
    users,
    agents,
    sessions: Array.from({ length: 20 }, (_, index) => makeSession(randomOf(seed, 'session', index), index)),
    people: listOf(120, () => faker.person.firstName()),
    companies: listOf(60, () => faker.company.name()),
    products: listOf(120, () => faker.commerce.productName().toLowerCase()),
    dishes: listOf(100, () => faker.food.dish()),
    cities: listOf(120, () => faker.helpers.arrayElement(faker.definitions.location.city_name ?? ['Springfield'])),
    streets: listOf(80, () => faker.location.streetAddress()),
    books: listOf(60, () => faker.book.title()),
    songs: listOf(60, () => faker.music.songName()),
    jobs: listOf(60, () => faker.person.jobTitle()),
  }
}

function makeSession(random: Random, index: number) {
  return { id: `sess_${random.hex(12)}`, user: users[index % users.length] ?? 'user_ada' }
}
