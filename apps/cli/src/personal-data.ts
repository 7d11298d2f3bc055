import type { RunInput } from '@sandport/client'
import { createFakeValues, drawFor, type Kind } from './fake-values.ts'

/**
 * Replaces what may be personal in recorded runs, or tell whose they are, by made-up values of the same kind. `salt` is a
 * secret, and decides which value stands for which: with the same salt the same value is always replaced by the same, in
 * whatever run and order. A text that nothing is known of counts as personal.
 *
 * What stays: `runId`, `status`, `targetType`, instants but birthdays, values of the documented enumerations, numbers and
 * booleans of documented fields, countries, names of properties.
 */
export function createReplacement(salt: string): <Run extends RunInput>(run: Run) => Run {
  const fakes = createFakeValues(salt)

  function field(name: string, value: unknown): unknown {
    const key = toSnakeCase(name)
    if (KEPT.has(key)) return value
    if (typeof value === 'string') return fakes[KINDS[key] ?? 'text'](value)
    if (Array.isArray(value)) return value.map((item) => field(name, item))
    return isObject(value) ? free(value) : value
  }

  /** An object that no page says the properties of: what is in it may be anything. */
  function free(value: unknown, name = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => free(item, name))
    if (typeof value === 'number') return number(value)
    if (typeof value === 'string') return fakes[KINDS[toSnakeCase(name)] ?? 'text'](value)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [propertyName(key), free(item, key)]))
  }

  /** A small whole number counts something; any other may be a telephone number or a place on the earth. */
  function number(value: number): number {
    if (!Number.isFinite(value) || (Number.isInteger(value) && Math.abs(value) < 1000)) return value
    const draw = drawFor(salt, ['number', value])
    if (!Number.isInteger(value))
      return Math.sign(value) * (draw(Math.min(90, Math.abs(value) + 1)) + draw(10_000) / 10_000)
    const digits = Math.min(15, `${Math.abs(value)}`.length)
    const drawn = Array.from({ length: digits }, (_, index) => (index === 0 ? 1 + draw(9) : draw(10))).join('')
    return Math.sign(value) * Number(drawn)
  }

  /** Names of properties are those of a schema, unless they do not look it. */
  function propertyName(key: string): string {
    return /^[A-Za-z_]\w{0,39}$/.test(key) && !/\d{5}/.test(key) ? key : `field_${fakes.handle(key)}`
  }

  const object = (value: object | null | undefined) =>
    value && Object.fromEntries(Object.entries(value).map(([name, part]) => [name, field(name, part)]))
  const text = (kind: Kind, value: string | null | undefined) => value && fakes[kind](value)

  return (run) => ({
    ...run,
    triggerSource: text('labels', run.triggerSource),
    account: object(run.account),
    contacts: run.contacts?.map(object),
    session: object(run.session),
    evaluationSummary: text('text', run.evaluationSummary),
    triggerReason: text('text', run.triggerReason),
    actionPlanSummary: text('text', run.actionPlanSummary),
    error: text('text', run.error),
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `firstName` and `first_name` are the same to the tables. */
function toSnakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

/** Documented enumerations, and instants that are not somebody's birthday. Their schemas leave no room for anything else. */
const KEPT: ReadonlySet<string> = new Set([
  'industry',
  'lifecycle_stage',
  'syft_purchase_intent',
  'syft_original_source',
  'syft_latest_source',
  'enrichment_confidence',
  'intent',
  'syft_first_seen',
  'syft_last_seen',
  'start_time',
  'end_time',
])

const byKind: Partial<Record<Kind, string>> = {
  company: 'name company company_name organization',
  given: 'first_name given_name middle_name',
  family: 'last_name family_name surname',
  person: 'full_name',
  title: 'title job_title',
  email: 'email email_address original_email_address',
  emails: 'emails',
  phone: 'phone phone_number original_phone_number mobile',
  handle: 'twitter email_local_specifier username',
  domain: 'domain email_domain email_root_domain root_domain',
  site: 'website syft_account_url url',
  link: 'linkedin referrer syft_original_referrer syft_latest_referrer',
  pages: 'pages_visited syft_visited_pages syft_linkedin_posts',
  place: 'city city_metro_area state region locality country country_code',
  address: 'address full_address geo_location location line_1 line_2 street',
  code:
    'zip postcode postal_code salesforce_company_id hubspot_company_id apollo_company_id outreach_company_id ' +
    'pipedrive_org_id attio_company_id salesforce_contact_id salesforce_lead_id hubspot_contact_id apollo_contact_id ' +
    'outreach_contact_id pipedrive_person_id attio_contact_id',
  date: 'birthday birth_date date_of_birth',
  amount: 'annual_revenue founded_year',
  labels:
    'gender hs_industry syft_icp syft_icp_array syft_persona syft_persona_array syft_intents syft_intents_array signals ' +
    'utm_source utm_medium utm_campaign utm_channel syft_original_utm_channel syft_original_utm_medium ' +
    'syft_original_utm_campaign syft_original_utm_source syft_latest_utm_channel syft_latest_utm_medium ' +
    'syft_latest_utm_campaign syft_latest_utm_source syft_utm_campaigns syft_creation_trigger syft_creation_source ' +
    'syft_enrichment_confidence',
}
const KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(byKind).flatMap(([kind, names]) => names.split(' ').map((name) => [name, kind as Kind])),
)
