import type { RunInput } from '@sandport/client'
import { readFixture } from '@sandport/server/fixture'
import { describe, expect, it } from 'vitest'
import { createReplacement } from './personal-data.ts'

const account = {
  name: 'Meridian Logistics',
  domain: 'meridian.co.uk',
  website: 'https://www.meridian.co.uk/about-us?from=ada#team',
  industry: 'SOFTWARE',
  country: 'Norway',
  city: 'Trondheim',
  address: 'Olav Tryggvasons gate 26',
  zip: '7011',
  full_address: 'Olav Tryggvasons gate 26, Trondheim, 7011, Norway',
  phone: '+47 21 09 87 65',
  annualRevenue: '$1.2M',
  foundedYear: '1998',
  twitter: '@meridianlog',
  linkedin: 'https://www.linkedin.com/company/meridian-logistics',
  syft_first_seen: '2026-01-01T00:00:00.000Z',
  syft_icp_array: ['Nordic expansion', 'Mid-market'],
  employees: 120_345,
  hs_is_public: false,
  primary_location: { city: 'Trondheim', latitude: 63.4305, floor: 3, note: { by: ['Ada Lovelace-Marin'] } },
}
const contact = {
  email: 'Ada.Marin@meridian.co.uk',
  emails: 'ada.marin@meridian.co.uk, ada@private-mail.com',
  firstName: 'Adelheid',
  lastName: 'van der Marin',
  fullName: 'Adelheid van der Marin',
  company: 'Meridian Logistics',
  gender: 'female',
  birthday: '1980-05-17T00:00:00.000Z',
  salesforce_contact_id: '0035g00000ABCdEQAX',
  syft_enrichment_confidence: 'Very High',
  email_addresses: {
    'Ada.Marin@meridian.co.uk': { email_address: 'ada.marin@meridian.co.uk', email_domain: 'meridian.co.uk' },
    unknown: [{ ip: '203.0.113.77', id: '8d7e2f9d-3c1a-4b27-8d7e-2f9d3c1a7b10', called: 4_721_098_765 }],
  },
}
const run = {
  runId: 'clmxla7ca2o20r2twidrxtz6v',
  status: 'failed',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:01:00.000Z',
  completedAt: null,
  targetType: 'MarContact',
  triggerSource: 'webhook',
  account,
  contacts: [contact],
  session: {
    pages_visited: ['/pricing', '/customers/hansen-transport', 'https://shop.meridian.co.uk/cart?user=adelheid'],
    referrer: 'https://www.google.com/',
    utm_source: 'google',
    utm_campaign: 'adelheid-birthday',
    active_time: 340,
  },
  evaluationSummary: '## Meridian\n\n- Adelheid wants a demo.\n- So does Bjarne.',
  triggerReason: 'Adelheid came back',
  actionPlanSummary: '',
  error: 'No reply from ada.marin@meridian.co.uk',
} satisfies RunInput

/** What of it says whose it is, as the words that may not be found again. */
const personal = (
  'meridian logistics adelheid marin lovelace trondheim tryggvasons olav 7011 2109 ada@ private-mail hansen nordic bjarne ' +
  'ABCdEQAX 1980-05-17 203.0.113.77 8d7e2f9d 4721098765 63.43 about-us team cart demo'
).split(' ')

describe('the replacement of personal data', () => {
  const replaced = createReplacement('a salt')(run)
  const [person] = replaced.contacts
  const texts = JSON.stringify(replaced).toLowerCase()

  it('leaves nothing of what was there', () => {
    expect(personal.filter((word) => texts.includes(word.toLowerCase()))).toEqual([])
  })

  it('is the same for the same value, whatever the run, and another with another salt', () => {
    const replace = createReplacement('a salt')
    replace({ ...run, account: { name: 'Another' } })
    expect(replace(run)).toEqual(replaced)
    expect(createReplacement('another salt')(run).account.name).not.toBe(replaced.account.name)
  })

  it('lets what belonged together still belong together', () => {
    const { account: firm, session } = replaced
    expect(person?.company).toBe(firm.name)
    expect(person?.fullName).toBe(`${person?.firstName} ${person?.lastName}`)
    expect(person?.email).toMatch(new RegExp(`^[a-z.0-9]+@${firm.domain}$`))
    expect(person?.emails.split(', ')[0]).toBe(person?.email)
    expect(new URL(firm.website).hostname).toBe(`www.${firm.domain}`)
    expect(firm.full_address).toBe(`${firm.address}, ${firm.city}, ${firm.zip}, Norway`)
    expect(firm.primary_location.city).toBe(firm.city)
    expect(new URL(session.pages_visited[2] ?? '').hostname).toMatch(new RegExp(`^[a-z]+\\.${firm.domain}$`))
    const [address] = Object.values(person?.email_addresses ?? {})
    expect(address).toEqual({ email_address: person?.email, email_domain: firm.domain })
  })

  it('keeps the form of things', () => {
    expect(replaced).toMatchObject({
      account: {
        domain: expect.stringMatching(/^[a-z]+\.example$/),
        phone: expect.stringMatching(/^\+\d\d( \d\d){4}$/),
        zip: expect.stringMatching(/^\d{4}$/),
        twitter: expect.stringMatching(/^@[a-z]+$/),
        linkedin: expect.stringMatching(/^https:\/\/www\.linkedin\.com\/company\/[a-z]+$/),
      },
      contacts: [
        {
          birthday: expect.stringMatching(/^\d{4}-\d\d-\d\dT00:00:00\.000Z$/),
          salesforce_contact_id: expect.stringMatching(/^\d{4}[a-z]\d{5}[A-Z]{3}[a-z][A-Z]{4}$/),
        },
      ],
      evaluationSummary: expect.stringMatching(/^## [A-Z][a-z]+\n\n- [A-Z].*\.\n- [A-Z].*\.$/),
      actionPlanSummary: '',
    })
    expect(readFixture({ syft: { runs: { items: [replaced] } } })).toBeDefined()
  })

  it('keeps what says nothing of anybody', () => {
    const { runId, status, createdAt, updatedAt, completedAt, targetType, triggerSource } = run
    expect(replaced).toMatchObject({ runId, status, createdAt, updatedAt, completedAt, targetType, triggerSource })
    const { industry, country, annualRevenue, foundedYear, syft_first_seen, employees, hs_is_public } = account
    expect(replaced.account).toMatchObject({
      ...{ industry, country, annualRevenue, foundedYear, syft_first_seen, employees, hs_is_public },
      primary_location: { floor: 3 },
    })
    expect(person).toMatchObject({ gender: 'female', syft_enrichment_confidence: 'Very High' })
    expect(replaced.session).toMatchObject({
      referrer: 'https://www.google.com/',
      utm_source: 'google',
      active_time: 340,
    })
    expect(replaced.session.pages_visited[0]).toBe('/pricing')
  })

  it.each([
    'Müller & Söhne, Inc.',
    '=SUM(A1:A9) Vexillology',
    'شركة النور للتجارة',
    '株式会社サンプル',
    '🚀 Moonshot `AI`',
    'Smith, Jones; Partners\\Co',
    '<b>Bold</b> Brands',
    'Łukasz O’Shaughnessy',
    'zoe.vanderberg+events@posthaus.example',
    'https://ada:secret@host.example:8080/%41da?Ada=1&Adelheid#x=Ada',
    'mailto:ada@host.example',
    '+1 (201) 867-5309 x12',
    '2a02:c7f0:ada0::1234',
    '1815-12-10',
    'PL 12 3456 7890',
  ])('leaves nothing of %s, in any field', (value) => {
    const fields = { ...Object.fromEntries(Object.keys({ ...account, ...contact }).map((name) => [name, value])) }
    // Enumerations and instants, in which schemas leave no room for it.
    for (const name of ['industry', 'syft_first_seen', 'country']) delete fields[name]
    const free = { [value]: value, list: [value, { deep: value }] }
    const {
      account: firm,
      contacts,
      error,
    } = createReplacement('s')({
      account: { ...fields, primary_location: free },
      contacts: [{ ...fields, email_addresses: free }],
      error: value,
    })
    const parts = value
      .split(/[^\p{L}\p{N}]+/u)
      .filter((part) => part.length > 3 && !/^(?:https|mailto|example)$/.test(part))
    const all = JSON.stringify([firm, contacts, error])
    expect([value, ...parts].filter((part) => all.includes(part))).toEqual([])
  })

  it('gives different people different addresses', () => {
    const replace = createReplacement('s')
    const emails = Array.from({ length: 2000 }, (_, index) => {
      const [one] = replace({ contacts: [{ email: `user${index}@host.example` }] }).contacts
      return one?.email
    })
    expect(new Set(emails).size).toBe(2000)
  })

  it('keeps what is null or empty as it is', () => {
    const empty = { runId: 'r', account: { name: null, domain: '', syft_icp_array: [] }, contacts: [], session: null }
    expect(createReplacement('s')(empty)).toMatchObject(empty)
  })
})
