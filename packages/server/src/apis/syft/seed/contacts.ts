import type { Faker } from '@faker-js/faker'
import type { Random } from '../../../random.ts'
import { packObject, type StoredObject } from '../webhook-objects.ts'
import type { Company } from './accounts.ts'
import { fillDigits, placeFields, wholeAddressFields } from './places.ts'
import { linkedinFields, makeVisits, summaryOf, visitFields } from './visits.ts'

/** A job in a buying group. */
export type Role = { title: string; persona: string }

type Person = { firstName: string; lastName: string; gender: string; login: string }

export const roles: readonly Role[] = [
  { title: 'VP Marketing', persona: 'Marketing leader' },
  { title: 'Chief Marketing Officer', persona: 'Marketing leader' },
  { title: 'Head of Growth', persona: 'Growth' },
  { title: 'Demand Generation Manager', persona: 'Growth' },
  { title: 'Director, Revenue Operations', persona: 'RevOps' },
  { title: 'Marketing Operations Lead', persona: 'RevOps' },
  { title: 'VP of Sales (EMEA)', persona: 'Sales leader' },
  { title: 'Account Executive', persona: 'Sales' },
  { title: 'Chief Financial Officer', persona: 'Economic buyer' },
  { title: 'Co-Founder & CEO', persona: 'Economic buyer' },
  { title: 'Staff Data Engineer', persona: 'Technical evaluator' },
  { title: 'Head of IT / Security', persona: 'Technical evaluator' },
]

const awkwardPeople: readonly Person[] = [
  { firstName: 'François "Frank"', lastName: "D'Arcy-Nuñez", gender: 'male', login: 'frank.darcy' },
  { firstName: 'ليلى', lastName: 'حداد', gender: 'female', login: 'layla.haddad' },
  { firstName: '小龍', lastName: '李', gender: 'male', login: 'xiaolong.li' },
  { firstName: 'Zoë', lastName: 'van der Berg, PhD', gender: 'female', login: 'zoe.vanderberg' },
  { firstName: 'Łukasz', lastName: 'O’Shaughnessy', gender: 'male', login: 'lukasz.o+events' },
]

/** A person who works for the company in a role. Their instants are offsets within those of the company's visits. */
export function makeContact(faker: Faker, random: Random, { company, role }: ContactOptions): StoredObject {
  const person = random.chance(0.04) ? random.pick(awkwardPeople) : makePerson(faker, random)
  const { firstName, lastName, login } = person
  const fullName = `${firstName} ${lastName}`
  const email = `${login}@${company.domain}`
  const known = { email, firstName, lastName, fullName, title: role.title, company: company.name }
  if (company.isSparse || random.chance(0.05)) return packObject('contact', [known], { from: null, to: null })

  const visits = makeVisits(random, { personas: [role.persona], within: company.visits })
  const address = { ...company.address, street: faker.location.streetAddress() }
  const phone = fillDigits(random, address.place.phone)
  const parts = [
    known,
    placeFields(address),
    wholeAddressFields(address),
    visitFields(visits),
    linkedinFields(random, `What a ${role.title} should measure`),
    {
      gender: person.gender,
      phone,
      birthday: birthday(random),
      emails: `${email}, ${login}@mail.example`,
      website: `https://${login.replace(/[.+]/g, '-')}.example`,
      twitter: `@${login.replace(/[.+]/g, '_')}`,
      linkedin: `https://www.linkedin.com/in/${login.replace(/[.+]/g, '-')}-${random.hex(6)}`,
      description: `${role.title} at ${company.name}, ${company.address.place.city}`,
      syft_research_report: researchReport(random, fullName, role, company),
      syft_summary: summaryOf(visits, `by ${fullName}`),
      syft_creation_source: random.pick(['Form Submission', 'Personalized Link', 'Website Visitor', 'CSV Upload']),
      syft_enrichment_confidence: random.pick(['Very High', 'High', 'Medium', 'Low']),
      syft_creation_trigger: company.creationTrigger,
    },
    crmFields(random, { ...person, fullName, email, phone, domain: company.domain }),
  ]
  return packObject('contact', parts, visits)
}

type ContactOptions = { company: Company; role: Role }

function makePerson(faker: Faker, random: Random): Person {
  const gender = random.pick(['female', 'male'] as const)
  const firstName = faker.person.firstName(gender)
  const lastName = faker.person.lastName(gender)
  const login = `${firstName}.${lastName}`.toLowerCase().replace(/[^a-z.]/g, '')
  return { firstName, lastName, gender, login }
}

function birthday(random: Random) {
  return new Date(Date.UTC(random.int(1956, 2001), random.int(0, 11), random.int(1, 28))).toISOString()
}

function researchReport(random: Random, fullName: string, role: Role, company: Company) {
  const years = random.int(1, 9)
  const before = random.pick(['a consultancy', 'a direct competitor', 'an agency', 'a bank', 'the public sector'])
  return [
    `${fullName} has been ${role.title} at ${company.name} for ${years === 1 ? 'a year' : `${years} years`}`,
    `and came there from ${before}. As ${role.persona.toLowerCase()} in ${company.address.place.city} the task is`,
    `${company.trade.seeks}.`,
    random.pick([
      'Posts about attribution every other week; answers questions in the comments.',
      'Spoke at two industry events ("Revenue, rethought" and "No more MQLs").',
      'Quiet on social networks, yet reads the documentation in depth.',
    ]),
  ].join(' ')
}

type Card = Person & { fullName: string; email: string; phone: string; domain: string }

/** What the one CRM that knows this contact adds; the fields of the others stay null. */
function crmFields(random: Random, { firstName, lastName, fullName, login, email, phone, domain }: Card) {
  const salesforceId = (prefix: string) => `${prefix}${random.hex(12).toUpperCase()}AAU`
  const number = (most: number) => String(random.int(1, most))
  switch (
    random.pick(['salesforce', 'hubspot', 'hubspot', 'apollo', 'outreach', 'pipedrive', 'attio', 'attio'] as const)
  ) {
    case 'salesforce': {
      const person = random.chance(0.5)
        ? { salesforce_contact_id: salesforceId('003') }
        : { salesforce_lead_id: salesforceId('00Q') }
      return { salesforce_company_id: salesforceId('001'), ...person }
    }
    case 'hubspot':
      return { hubspot_company_id: number(9e10), hubspot_contact_id: number(9e10) }
    case 'apollo':
      return { apollo_company_id: random.hex(24), apollo_contact_id: random.hex(24) }
    case 'outreach':
      return { outreach_company_id: number(99_999), outreach_contact_id: number(999_999) }
    case 'pipedrive':
      return { pipedrive_org_id: number(99_999), pipedrive_person_id: number(999_999) }
    case 'attio':
      return {
        attio_company_id: random.uuid(),
        attio_contact_id: random.uuid(),
        attio_name: { firstName, lastName, fullName },
        email_addresses: {
          original_email_address: email,
          email_address: email,
          email_domain: domain,
          email_local_specifier: login,
        },
        phone_numbers: { original_phone_number: phone, phone_number: phone.replaceAll(' ', '') },
      }
  }
}
