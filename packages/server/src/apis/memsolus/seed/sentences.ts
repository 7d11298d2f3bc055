import type { Random } from '../../../random.ts'
import type { MemsolusPools } from './pools.ts'

type Sentence = (random: Random, pools: MemsolusPools) => string

/** Things an assistant remembers about somebody, by the category they belong to. */
export const sentences = {
  preferences: [
    (r, p) => `Prefers ${r.pick(p.dishes)} over ${r.pick(p.dishes)} when the team orders lunch.`,
    (r, p) =>
      `Wants answers in ${r.pick(languages)} of at most ${r.int(2, 90)} words, with ${r.pick(p.people)} in copy.`,
    (r, p) => `Listens to ${r.pick(p.songs)} while reading ${r.pick(p.books)}.`,
    (r, p) => `Would rather talk to ${r.pick(p.people)} than fill in a form longer than ${r.int(3, 40)} fields.`,
    (r, p) => `Keeps notifications off between ${time(r)} and ${time(r)}, except those from ${r.pick(p.people)}.`,
  ],
  work: [
    (r, p) => `Works as ${r.pick(p.jobs)} at ${r.pick(p.companies)}.`,
    (r, p) => `Reports to ${r.pick(p.people)} and shares an office with ${r.pick(p.people)}.`,
    (r, p) => `Decided to move the ${r.pick(p.companies)} project to ${r.pick(tools)}; ${r.pick(p.people)} signs off.`,
    (r, p) => `Has a budget of ${r.int(2, 900) * 500} euros for ${r.pick(p.products)} and needs two offers.`,
    (r, p) => `Turned down an offer from ${r.pick(p.companies)} because of the commute to ${r.pick(p.cities)}.`,
  ],
  family: [
    (r, p) =>
      `Has two children, ${r.pick(p.people)}, who is ${r.int(8, 24)}, and ${r.pick(p.people)}, who is ${r.int(1, 7)}.`,
    (r, p) => `${r.pick(p.people)}, a cousin, moved from ${r.pick(p.cities)} to ${r.pick(p.cities)}.`,
    (r, p) => `The family eats ${r.pick(p.dishes)} on ${r.pick(weekdays)}s; ${r.pick(p.people)} cooks.`,
    (r, p) => `Shares a calendar with ${r.pick(p.people)}, who takes the children to ${r.pick(p.streets)}.`,
  ],
  travel: [
    (r, p) =>
      `Flies from ${r.pick(p.cities)} to ${r.pick(p.cities)} every ${r.int(2, 11)} weeks and takes an aisle seat.`,
    (r, p) => `Plans ${r.int(3, 21)} days in ${r.pick(p.cities)} with ${r.pick(p.people)}.`,
    (r, p) => `Stays near ${r.pick(p.streets)} when in ${r.pick(p.cities)}.`,
    (r, p) => `Lost a suitcase in ${r.pick(p.cities)}; the claim number is ${r.hex(8).toUpperCase()}.`,
  ],
  'food & drink': [
    (r, p) => `Is allergic to ${r.pick(allergens)}, so no ${r.pick(p.dishes)} and no ${r.pick(p.dishes)}.`,
    (r, p) => `Learned to cook ${r.pick(p.dishes)} from ${r.pick(p.people)} in ${r.pick(p.cities)}.`,
    (r, p) => `Books a table for ${r.int(2, 9)} at ${time(r)} and asks for ${r.pick(p.dishes)}.`,
    (r, p) =>
      `Drinks coffee without sugar, ${r.int(1, 6)} cups a day, the last before ${time(r)} with ${r.pick(p.people)}.`,
  ],
  health: [
    (r, p) => `Runs ${r.int(3, 42)} kilometres on ${r.pick(weekdays)}s with ${r.pick(p.people)}.`,
    (r, p) => `Sees a physiotherapist at ${r.pick(p.streets)} on ${r.pick(weekdays)}s at ${time(r)}.`,
    (r, p) => `Sleeps badly after ${r.pick(p.dishes)} and wants a reminder at ${time(r)}.`,
    (r, p) => `Gave up sugar together with ${r.pick(p.people)}, day ${r.int(2, 400)} so far.`,
  ],
  hobbies: [
    (r, p) => `Is reading ${r.pick(p.books)}, page ${r.int(5, 900)}, and takes notes for ${r.pick(p.people)}.`,
    (r, p) => `Practises ${r.pick(p.songs)} on the ${r.pick(instruments)} and wants to play it in ${r.pick(p.cities)}.`,
    (r, p) => `Collects stamps from ${r.pick(p.cities)} and trades them with ${r.pick(p.people)}.`,
    (r, p) => `Meets ${r.pick(p.people)} and ${r.pick(p.people)} for board games on ${r.pick(weekdays)}s.`,
  ],
  schedule: [
    (r, p) => `Has a weekly call with ${r.pick(p.companies)} on ${r.pick(weekdays)}s at ${time(r)}.`,
    (r, p) => `Leaves at ${time(r)} on ${r.pick(weekdays)}s to pick up ${r.pick(p.people)}.`,
    (r, p) => `Moved the meeting with ${r.pick(p.people)} to ${r.pick(weekdays)}, ${time(r)}, in ${r.pick(p.cities)}.`,
    (r, p) => `Takes no calls before ${time(r)} unless ${r.pick(p.people)} asks.`,
  ],
  purchases: [
    (r, p) => `Bought the ${r.pick(p.products)} for ${r.int(5, 900)}.${r.int(10, 99)} euros, order ${r.int(1e5, 9e5)}.`,
    (r, p) => `Returned the ${r.pick(p.products)} because ${r.pick(p.people)} already had one.`,
    (r, p) => `Compares the ${r.pick(p.products)} with the ${r.pick(p.products)} and decides by ${r.pick(weekdays)}.`,
    (r, p) => `Ships everything to ${r.pick(p.streets)}, ${r.pick(p.cities)}.`,
  ],
  home: [
    (r, p) => `Lives at ${r.pick(p.streets)} in ${r.pick(p.cities)} with ${r.int(1, 5)} cats.`,
    (r, p) => `Sets the heating to ${r.int(16, 23)} degrees at ${time(r)}; ${r.pick(p.people)} turns it down again.`,
    (r, p) => `The landlord is ${r.pick(p.people)} of ${r.pick(p.companies)}.`,
    (r, p) =>
      `Waters the plants on ${r.pick(weekdays)}s and leaves the key with ${r.pick(p.people)} at ${r.pick(p.streets)}.`,
  ],
} as const satisfies Record<string, readonly Sentence[]>

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const languages = ['English', 'Deutsch', 'português', '日本語', 'العربية', 'français']
const tools = ['Linear', 'a shared spreadsheet', 'Postgres', 'plain e-mail', 'the new CRM', 'Rust']
const allergens = ['peanuts', 'shellfish', 'lactose', 'gluten', 'soy', 'sesame', 'mustard']
const instruments = ['piano', 'cello', 'trumpet', 'ukulele', 'drums', 'accordion']

function time(random: Random): string {
  return `${String(random.int(6, 22)).padStart(2, '0')}:${random.pick(['00', '15', '30', '45'])}`
}
