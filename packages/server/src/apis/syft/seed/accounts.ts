import type { Faker } from '@faker-js/faker'
import { type Random, randomOf } from '../../../random.ts'
import { packObject, type StoredObject } from '../webhook-objects.ts'
import { type Address, fillDigits, placeFields, places, wholeAddressFields } from './places.ts'
import { linkedinFields, makeVisits, summaryOf, type Visits, visitFields } from './visits.ts'
import { motionNames } from './words.ts'

/** What an account, its contacts and its sessions have in common. */
export type Company = {
  name: string
  domain: string
  address: Address
  trade: Trade
  employees: number
  people: number
  visits: Visits
  creationTrigger: string
  /** A company that little is known about: most fields of its objects are null. */
  isSparse: boolean
}

type Trade = { industry: string; does: string; seeks: string }

// Names that break what splits, quotes or measures text carelessly.
const awkwardNames: readonly { name: string; slug: string }[] = [
  { name: 'Müller & Söhne, Inc.', slug: 'mueller-soehne' },
  { name: 'Acme "Rockets"', slug: 'acme-rockets' },
  { name: '=SUM(A1:A9) Labs', slug: 'sum-labs' },
  { name: 'شركة النور للتجارة', slug: 'alnoor-trading' },
  { name: "L'Étoile | Paris", slug: 'letoile' },
  { name: '株式会社サンプル', slug: 'sample-kk' },
  { name: '🚀 Moonshot `AI`', slug: 'moonshot' },
  { name: 'Smith, Jones; Partners\\Co', slug: 'smith-jones' },
  { name: '<b>Bold</b> Brands', slug: 'bold-brands' },
  { name: 'Null', slug: 'null-industries' },
]

const trades: readonly Trade[] = [
  trade('SOFTWARE', 'workflow software for finance teams', 'cutting the time from lead to first call'),
  trade('INTERNET_SOFTWARE_SERVICES', 'a marketplace for spare parts', 'knowing which visitors are buyers'),
  trade('IT_SERVICES', 'managed cloud operations', 'a shared view of accounts for sales and marketing'),
  trade('BIOTECHNOLOGY', 'diagnostics for rare diseases', 'reaching hospital buyers without cold calls'),
  trade('RENEWABLE_ELECTRICITY', 'solar parks and the software that runs them', 'routing tenders to the right region'),
  trade('INSURANCE', 'cyber insurance for mid-sized firms', 'scoring brokers by what they read'),
  trade('MACHINERY', 'packaging lines for food producers', 'following up on trade fairs'),
  trade('AIR_FREIGHT_LOGISTICS', 'temperature-controlled air freight', 'seeing churn before the contract ends'),
  trade('EDUCATION_SERVICES', 'training for nurses', 'turning webinar guests into enrolments'),
  trade('MEDIA', 'a podcast network', 'selling sponsorships to companies already listening'),
  trade('REAL_ESTATE', 'flexible offices', 'finding teams that outgrow their space'),
  trade('HEALTH_CARE_PROVIDERS_SERVICES', 'outpatient clinics', 'replacing three disconnected CRMs'),
  trade('RETAILING', 'outdoor gear in 40 shops and online', 'measuring what campaigns bring to the shops'),
  trade('BANKS', 'accounts for freelancers', 'meeting compliance while personalising outreach'),
]

/** `count` companies with names and domains that do not repeat, every twelfth name an awkward one. */
export function makeCompanies(faker: Faker, seed: number, count: number): Company[] {
  const names = faker.helpers.uniqueArray(() => faker.company.name(), count)
  return names.map((plainName, index) => {
    const random = randomOf(seed, 'company', index)
    const awkward = index % 12 === 5 ? awkwardNames[Math.floor(index / 12) % awkwardNames.length] : undefined
    const { name, slug } = awkward ?? { name: plainName, slug: slugOf(plainName) }
    const place = random.pick(places)
    const employees = random.int(1, 9) * 10 ** random.int(1, 3) + random.int(0, 9)
    return {
      name,
      domain: `${slug}.example`,
      address: { place, street: faker.location.streetAddress(), zip: fillDigits(random, place.zip) },
      trade: random.pick(trades),
      employees,
      people: random.int(1, 5),
      visits: makeVisits(random, { personas: [] }),
      creationTrigger: random.chance(0.25) ? 'Manual' : random.pick(motionNames),
      isSparse: index % 13 === 7,
    }
  })
}

/** The account of a company; `personas` are those of its contacts. Its instants are offsets, as in `company.visits`. */
export function makeAccount(faker: Faker, random: Random, { company, personas }: AccountOptions): StoredObject {
  const { name, domain, address, trade, employees, visits } = company
  const known = { name, domain, website: `https://www.${domain}`, country: address.place.country, employees }
  const sized = { ...known, employeeCount: employees }
  if (company.isSparse) return packObject('account', [sized], { from: null, to: null })

  const visitorIds = visits.visitorIds + company.people
  const catchPhrase = faker.company.catchPhrase()
  const parts = [
    sized,
    { description: `${name} offers ${trade.does}. ${catchPhrase}.`, phone: fillDigits(random, address.place.phone) },
    placeFields(address),
    wholeAddressFields(address),
    firmFields(random, company),
    visitFields({ ...visits, personas }),
    {
      syft_visitors: Math.min(company.people + random.int(0, 9), visitorIds),
      syft_visitor_id_count: visitorIds,
      syft_leads: company.people,
      syft_account_url: `https://app.syftdata.com/accounts/${random.cuid()}`,
      syft_summary: summaryOf(visits, `by ${name}`),
      syft_research_report: researchReport(random, company, catchPhrase),
      syft_creation_trigger: company.creationTrigger,
    },
    linkedinFields(random, catchPhrase),
    adFields(random),
  ]
  return packObject('account', parts, visits)
}

type AccountOptions = { company: Company; personas: string[] }

function firmFields(random: Random, { domain, address, trade, employees }: Company) {
  const handle = domain.replace('.example', '')
  const icps = [employees > 1_000 ? 'Enterprise' : employees > 100 ? 'Mid-market' : 'Small business']
  if (random.chance(0.4)) icps.push(`${address.place.country} expansion`)
  return {
    industry: trade.industry,
    hs_industry: trade.industry,
    hs_is_public: employees > 3_000 && random.chance(0.5),
    annualRevenue: revenueOf(employees * random.int(90, 240) * 1_000),
    foundedYear: String(random.int(1898, 2021)),
    lifecycleStage: random.pick(['prospect', 'prospect', 'opportunity', 'lost_opportunity', 'customer']),
    twitter: `@${handle.replaceAll('-', '').slice(0, 15)}`,
    twitterFollowers: random.int(40, employees * 30),
    linkedin: `https://www.linkedin.com/company/${handle}`,
    syft_icp: icps.join('; '),
    syft_icp_array: icps,
  }
}

/** The numbers of 30 days contain those of 7, the numbers of 90 those of 30. */
function adFields(random: Random) {
  const [clicks7, clicks23, clicks60] = [random.int(0, 3), random.int(0, 9), random.int(0, 30)]
  const [seen7, seen23, seen60] = [random.int(5, 90), random.int(10, 300), random.int(30, 900)]
  return {
    syft_linkedin_ad_clicks_l7: clicks7,
    syft_linkedin_ad_impressions_l7: seen7,
    syft_linkedin_ad_clicks_l30: clicks7 + clicks23,
    syft_linkedin_ad_impressions_l30: seen7 + seen23,
    syft_linkedin_ad_clicks_l90: clicks7 + clicks23 + clicks60,
    syft_linkedin_ad_impressions_l90: seen7 + seen23 + seen60,
  }
}

function researchReport(random: Random, { name, trade, address, employees, visits }: Company, catchPhrase: string) {
  const { city, country } = address.place
  const raised = random.pick(['is bootstrapped', 'raised a Series B', 'is owned by a family', 'was acquired last year'])
  const stack = random.pick(['Salesforce and Marketo', 'HubSpot alone', 'Pipedrive, Clay and spreadsheets'])
  return [
    `## ${name}\n\n${name} offers ${trade.does} from ${city}, ${country};`,
    `about ${employees} people work there and the company ${raised}.`,
    `It presents itself with the words "${catchPhrase}", and its open positions name ${stack}.`,
    `\n\n- Likely goal: ${trade.seeks}\n- Most read: ${visits.pages[0] ?? ''}`,
    `\n- Strongest signal: ${visits.intents[0] ?? ''}\n\nThe buying group seems to be small, with marketing taking the first step and finance signing.`,
    random.pick([
      'A competitor is in use until the end of the fiscal year, so timing matters more than price.',
      'No competing tool was found on the website, which suggests a first purchase.',
      'Two former customers of ours joined within the last six months; a warm introduction is possible.',
    ]),
  ].join(' ')
}

function revenueOf(dollars: number) {
  if (dollars >= 1e9) return `$${(dollars / 1e9).toFixed(1)}B`
  return dollars >= 1e6 ? `$${Math.round(dollars / 1e6)}M` : `$${Math.round(dollars / 1e3)}K`
}

function slugOf(name: string) {
  const plain = name.normalize('NFKD').replace(/[\u0300-\u036f']/g, '')
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function trade(industry: string, does: string, seeks: string): Trade {
  return { industry, does, seeks }
}
