import { createHash } from 'node:crypto'
import { type SchemaOptions, type TObject, type TSchema, Type } from '@sinclair/typebox'
import { oneOf } from '../../wire/control-types.ts'

/** One documented field of a webhook object. `values` are the only ones it may have, null aside. */
export type WebhookField = {
  name: string
  type: 'string' | 'number' | 'boolean' | 'datetime' | 'enumeration' | 'string[]' | 'object'
  values?: readonly string[]
  description: string
}

export type WebhookKind = 'account' | 'contact' | 'session'

// biome-ignore format: one a line would hide the fields
const industries = [
  'AEROSPACE_DEFENSE', 'AIR_FREIGHT_LOGISTICS', 'AIRLINES', 'AUTOMOTIVE', 'BANKS', 'BEVERAGES', 'BIOTECHNOLOGY',
  'BUILDING_MATERIALS', 'CAPITAL_GOODS', 'CAPITAL_MARKETS', 'CHEMICALS', 'COMMERCIAL_SERVICES_SUPPLIES',
  'COMMUNICATIONS_EQUIPMENT', 'CONSTRUCTION_ENGINEERING', 'CONSUMER_DISCRETIONARY', 'CONSUMER_GOODS',
  'CONSUMER_SERVICES', 'CONSUMER_STAPLES', 'CONTAINERS_PACKAGING', 'DISTRIBUTORS', 'DIVERSIFIED_CONSUMER_SERVICES',
  'DIVERSIFIED_FINANCIAL_SERVICES', 'DIVERSIFIED_TELECOMMUNICATION_SERVICES', 'EDUCATION_SERVICES',
  'ELECTRIC_UTILITIES', 'ELECTRICAL_EQUIPMENT', 'ELECTRONIC_EQUIPMENT_INSTRUMENTS_COMPONENTS', 'FAMILY_SERVICES',
  'FOOD_STAPLES_RETAILING', 'FOOD_PRODUCTS', 'GAS_UTILITIES', 'HEALTH_CARE_EQUIPMENT_SUPPLIES',
  'HEALTH_CARE_PROVIDERS_SERVICES', 'HOTELS_RESTAURANTS_LEISURE', 'HOUSEHOLD_DURABLES', 'IT_SERVICES',
  'INDUSTRIAL_CONGLOMERATES', 'INDUSTRIALS', 'INSURANCE', 'INTERNET_SOFTWARE_SERVICES', 'LEISURE_PRODUCTS',
  'LIFE_SCIENCES_TOOLS_SERVICES', 'MACHINERY', 'MARINE', 'MEDIA', 'METALS_MINING', 'PAPER_FOREST_PRODUCTS',
  'PERSONAL_PRODUCTS', 'PHARMACEUTICALS', 'PROFESSIONAL_SERVICES', 'REAL_ESTATE', 'RENEWABLE_ELECTRICITY',
  'RETAILING', 'ROAD_RAIL', 'SEMICONDUCTORS_SEMICONDUCTOR_EQUIPMENT', 'SOFTWARE', 'SPECIALIZED_CONSUMER_SERVICES',
  'SPECIALTY_RETAIL', 'TECHNOLOGY_HARDWARE_STORAGE_PERIPHERALS', 'TEXTILES_APPAREL_LUXURY_GOODS', 'TOBACCO',
  'TRADING_COMPANIES_DISTRIBUTORS', 'TRANSPORTATION', 'UTILITIES', 'WIRELESS_TELECOMMUNICATION_SERVICES',
]

// biome-ignore format: one a line would hide the fields
const trafficSources = [
  'DIRECT', 'CROSS_NETWORK', 'PAID_SEARCH', 'PAID_SOCIAL', 'PAID_SHOPPING', 'DISPLAY', 'PAID_OTHER', 'ORGANIC_SEARCH',
  'ORGANIC_SOCIAL', 'ORGANIC_SHOPPING', 'REFERRAL', 'EMAIL', 'AFFILIATES', 'AUDIO', 'SMS',
  'MOBILE_PUSH_NOTIFICATIONS', 'UNKNOWN',
]

const lifecycleStages = ['prospect', 'opportunity', 'lost_opportunity', 'customer']
const levels = ['very_high', 'high', 'medium', 'low']

/** The account fields in the vendor's order; last `employeeCount`, which only the Export API page's example shows. */
export const accountFields = fieldsOf({
  name: ['string', 'The name of the company'],
  domain: ['string', 'The primary domain of the company website'],
  website: ['string', 'The full URL of the company website'],
  description: ['string', 'A brief description of the company and what they do'],
  address: ['string', 'The street address of the company'],
  city: ['string', 'The city where the company is located'],
  city_metro_area: ['string', 'The metropolitan area where the company is located'],
  state: ['string', 'The state or province where the company is located'],
  country: ['string', 'The country where the company is located'],
  zip: ['string', 'The postal or ZIP code of the company'],
  full_address: ['string', 'The full address of the company: address, city, state, country, zip'],
  phone: ['string', 'The main phone number of the company'],
  industry: ['enumeration', 'The industry the company operates in', industries],
  employees: ['number', 'The estimated number of employees at the company'],
  annualRevenue: ['string', 'The estimated annual revenue of the company'],
  foundedYear: ['string', 'The year the company was founded'],
  lifecycleStage: ['enumeration', 'The current lifecycle stage of the company', lifecycleStages],
  twitter: ['string', 'The Twitter handle of the company'],
  twitterFollowers: ['number', 'The number of Twitter followers the company has'],
  linkedin: ['string', 'The LinkedIn company page URL'],
  syft_research_report: ['string', 'Research report generated for this company'],
  syft_account_url: ['string', 'The URL of the company in Syft'],
  syft_icp: ['string', 'Syft ICPs that match this company'],
  syft_intents: ['string', 'List of signals demonstrated by this company on the website'],
  syft_persona: ['string', 'Syft Personas of the visitors from this company'],
  syft_time_spent: ['number', 'Total time spent across all sessions (in minutes)'],
  syft_sessions: ['number', 'Total number of sessions from this company'],
  syft_high_intent_sessions: ['number', 'Total number of High Intent sessions from this company'],
  syft_page_views: ['number', 'Total number of pages viewed across all sessions'],
  syft_visitors: ['number', 'Number of unique visitors from this company'],
  syft_visitor_id_count: ['number', 'Number of unique visitor IDs seen from this company'],
  syft_leads: ['number', 'Number of leads identified by Syft for this company'],
  syft_first_seen: ['datetime', 'First time when someone from this company visited the website'],
  syft_last_seen: ['datetime', 'Last time when someone from this company visited the website'],
  syft_purchase_intent: ['string', 'Purchase intent from this company', levels],
  syft_summary: ['string', 'Activity summary and purchase intent from this company'],
  syft_visited_pages: ['string', 'List of pages visited by visitors from this company'],
  syft_original_referrer: ['string', 'Referrer URL for the first session from this company'],
  syft_original_source: ['enumeration', 'Traffic Source for the first session from this company', trafficSources],
  syft_original_utm_channel: ['string', 'UTM Channel for the first session from this company'],
  syft_original_utm_medium: ['string', 'UTM Medium for the first session from this company'],
  syft_original_utm_campaign: ['string', 'UTM Campaign for the first session from this company'],
  syft_original_utm_source: ['string', 'UTM Source for the first session from this company'],
  syft_latest_referrer: ['string', 'Referrer URL for the latest session from this company'],
  syft_latest_source: ['enumeration', 'Traffic source for the latest session from this company', trafficSources],
  syft_latest_utm_channel: ['string', 'UTM Channel for the latest session from this company'],
  syft_latest_utm_medium: ['string', 'UTM Medium for the latest session from this company'],
  syft_latest_utm_campaign: ['string', 'UTM Campaign for the latest session from this company'],
  syft_latest_utm_source: ['string', 'UTM Source for the latest session from this company'],
  syft_utm_campaigns: ['string', 'All UTM Campaigns influencing this company'],
  syft_creation_trigger: ['string', "Motion Name or 'Manual' if not created via Motion"],
  syft_linkedin_impressions_total: ['number', 'Total number of LinkedIn impressions for this company'],
  syft_linkedin_clicks_total: ['number', 'Total number of LinkedIn clicks for this company'],
  syft_linkedin_likes_total: ['number', 'Total number of LinkedIn likes for this company'],
  syft_linkedin_shares_total: ['number', 'Total number of LinkedIn shares for this company'],
  syft_linkedin_comments_total: ['number', 'Total number of LinkedIn comments for this company'],
  syft_linkedin_engagements_total: ['number', 'Total number of LinkedIn engagements for this company'],
  syft_linkedin_posts: ['string', 'LinkedIn posts viewed by this company'],
  syft_linkedin_ad_clicks_l7: ['number', 'Number of LinkedIn ad clicks in the last 7 days'],
  syft_linkedin_ad_impressions_l7: ['number', 'Number of LinkedIn ad impressions in the last 7 days'],
  syft_linkedin_ad_clicks_l30: ['number', 'Number of LinkedIn ad clicks in the last 30 days'],
  syft_linkedin_ad_impressions_l30: ['number', 'Number of LinkedIn ad impressions in the last 30 days'],
  syft_linkedin_ad_clicks_l90: ['number', 'Number of LinkedIn ad clicks in the last 90 days'],
  syft_linkedin_ad_impressions_l90: ['number', 'Number of LinkedIn ad impressions in the last 90 days'],
  primary_location: ['object', 'The address object of the company with address, city, state, country, zip'],
  hs_industry: ['string', 'The industry the company operates in'],
  hs_is_public: ['boolean', 'Whether the company is publicly traded'],
  syft_icp_array: ['string[]', 'Syft ICPs that match this company'],
  syft_intents_array: ['string[]', 'List of signals demonstrated by this company on the website'],
  syft_persona_array: ['string[]', 'Syft Personas of the visitors from this company'],
  employeeCount: ['number', 'The number of employees at the company'],
})

/** The contact fields in the vendor's order. */
export const contactFields = fieldsOf({
  email: ['string', 'The email address of the contact'],
  firstName: ['string', 'The first name of the contact'],
  lastName: ['string', 'The last name of the contact'],
  fullName: ['string', 'The full name of the contact'],
  title: ['string', 'The job title of the contact'],
  company: ['string', 'The name of the company the contact works for'],
  gender: ['string', 'The gender of the contact'],
  phone: ['string', 'The phone number of the contact'],
  birthday: ['datetime', 'The date of birth of the contact'],
  address: ['string', 'The street address of the contact'],
  city: ['string', 'The city where the contact is located'],
  city_metro_area: ['string', 'The metropolitan area where the contact is located'],
  state: ['string', 'The state or province where the contact is located'],
  country: ['string', 'The country where the contact is located'],
  zip: ['string', 'The postal or ZIP code of the contact'],
  full_address: ['string', 'The full address of the contact: address, city, state, country, zip'],
  syft_research_report: ['string', 'Research report generated for this lead'],
  website: ['string', 'The personal website of the contact'],
  twitter: ['string', 'The Twitter handle of the contact'],
  linkedin: ['string', 'The LinkedIn profile URL of the contact'],
  syft_creation_source: ['string', 'How the contact was identified (Personalized Link, Form Submission, etc.)'],
  syft_enrichment_confidence: ['string', 'Confidence level of the ID data (Very High, High, Medium, Low)'],
  syft_creation_trigger: ['string', "Motion Name or 'Manual' if not created via Motion"],
  syft_persona: ['string', 'Syft Personas that match this contact'],
  syft_intents: ['string', 'List of signals demonstrated by this contact on the website'],
  syft_time_spent: ['number', 'Total time spent across all sessions (in minutes)'],
  syft_high_intent_sessions: ['number', 'Total number of High Intent sessions from this contact'],
  syft_sessions: ['number', 'Total number of sessions from this contact'],
  syft_page_views: ['number', 'Total number of pages viewed across all sessions'],
  syft_visitor_id_count: ['number', 'Number of unique visitor IDs seen by this contact'],
  syft_first_seen: ['datetime', 'First time when the contact visited the website'],
  syft_last_seen: ['datetime', 'Last time when the contact visited the website'],
  syft_purchase_intent: ['string', 'Purchase intent from this contact', levels],
  syft_summary: ['string', 'Activity summary and purchase intent from this contact'],
  syft_visited_pages: ['string', 'List of pages visited by this contact'],
  syft_original_referrer: ['string', 'Referrer URL for the first session of this contact'],
  syft_original_source: ['enumeration', 'Traffic Source for the first session of this contact', trafficSources],
  syft_original_utm_channel: ['string', 'UTM Channel for the first session of this contact'],
  syft_original_utm_medium: ['string', 'UTM Medium for the first session of this contact'],
  syft_original_utm_campaign: ['string', 'UTM Campaign for the first session of this contact'],
  syft_original_utm_source: ['string', 'UTM Source for the first session from this company'],
  syft_latest_referrer: ['string', 'Referrer URL for the latest session of this contact'],
  syft_latest_source: ['enumeration', 'Traffic source for the latest session of this contact', trafficSources],
  syft_latest_utm_channel: ['string', 'UTM Channel for the latest session of this contact'],
  syft_latest_utm_medium: ['string', 'UTM Medium for the latest session of this contact'],
  syft_latest_utm_campaign: ['string', 'UTM Campaign for the latest session of this contact'],
  syft_latest_utm_source: ['string', 'UTM Source for the latest session of this contact'],
  syft_utm_campaigns: ['string', 'All UTM Campaigns influencing this contact'],
  syft_linkedin_impressions_total: ['number', 'Total number of LinkedIn impressions for this contact'],
  syft_linkedin_clicks_total: ['number', 'Total number of LinkedIn clicks for this contact'],
  syft_linkedin_likes_total: ['number', 'Total number of LinkedIn likes for this contact'],
  syft_linkedin_shares_total: ['number', 'Total number of LinkedIn shares for this contact'],
  syft_linkedin_comments_total: ['number', 'Total number of LinkedIn comments for this contact'],
  syft_linkedin_engagements_total: ['number', 'Total number of LinkedIn engagements for this contact'],
  syft_linkedin_posts: ['string', 'LinkedIn posts viewed by this contact'],
  salesforce_company_id: ['string', 'The Salesforce ID of the company'],
  hubspot_company_id: ['string', 'The HubSpot ID of the company'],
  apollo_company_id: ['string', 'The Apollo ID of the company'],
  outreach_company_id: ['string', 'The Outreach ID of the company'],
  pipedrive_org_id: ['string', 'The Pipedrive ID of the organization'],
  attio_company_id: ['string', 'The Attio ID of the company'],
  salesforce_contact_id: ['string', 'The Salesforce Contact ID of the contact'],
  salesforce_lead_id: ['string', 'The Salesforce Lead ID of the contact'],
  hubspot_contact_id: ['string', 'The HubSpot ID of the contact'],
  apollo_contact_id: ['string', 'The Apollo ID of the contact'],
  outreach_contact_id: ['string', 'The Outreach ID of the contact'],
  pipedrive_person_id: ['string', 'The Pipedrive ID of the person'],
  attio_contact_id: ['string', 'The Attio ID of the contact'],
  emails: ['string', 'All email addresses associated with this contact'],
  email_addresses: ['object', 'Email addresses in Attio format'],
  description: ['string', 'A brief description of the contact'],
  attio_name: ['object', 'The name object with firstName, lastName and fullName'],
  phone_numbers: ['object', 'The phone numbers in Attio format'],
  primary_location: ['object', 'The address object with address, city, state, country, zip'],
  syft_persona_array: ['string[]', 'Syft Personas that match this contact'],
  syft_intents_array: ['string[]', 'List of signals demonstrated by this contact on the website'],
})

/** The session fields in the vendor's order. */
export const sessionFields = fieldsOf({
  active_time: ['number', 'Duration of active time spent during the session'],
  signals: ['string[]', 'List of signals/intents matched during the session'],
  pages_visited: ['string[]', 'List of unique pages visited during the session'],
  referrer: ['string', 'The referrer source for this session'],
  utm_source: ['string', 'UTM source parameter tracking the traffic source'],
  utm_medium: ['string', 'UTM medium parameter tracking the marketing medium'],
  utm_campaign: ['string', 'UTM campaign parameter tracking the marketing campaign'],
  utm_channel: ['string', 'Derived traffic channel (e.g., Direct, Paid Search, Organic Social)'],
  address: ['string', 'The address of the geographic location of the session'],
  city: ['string', 'The city of the geographic location of the session'],
  city_metro_area: ['string', 'The metropolitan area of the geographic location of the session'],
  state: ['string', 'The state of the geographic location of the session'],
  country: ['string', 'The country of the geographic location of the session'],
  zip: ['string', 'The zip code of the geographic location of the session'],
  geo_location: ['string', 'Old formatting for Geographic location information for the session'],
  syft_purchase_intent: ['string', 'Purchase intent determined for this session', levels],
  enrichment_confidence: ['string', 'Confidence score for the enriched session data', levels],
  activeTime: ['number', 'Duration of active time spent during the session'],
  pagesVisited: ['string[]', 'List of unique pages visited during the session'],
  location: ['string', 'Legacy Geographic location information for the session'],
  intent: ['string', 'Purchase intent determined for this LinkedIn interaction', levels],
  enrichmentConfidence: ['string', 'Confidence score for the enriched session data', levels],
  start_time: ['datetime', 'Start time of the session'],
  end_time: ['datetime', 'End time of the session'],
})

export const Account = schemaOf(accountFields, {
  $id: 'Account',
  description: 'A company',
  examples: [{ name: 'Meridian Logistics', domain: 'meridian.example', employees: 200 }],
})
export const Contact = schemaOf(contactFields, {
  $id: 'Contact',
  description: 'Somebody at a company',
  examples: [{ email: 'ada@meridian.example', fullName: 'Ada Marin', title: 'Head of Operations' }],
})
export const Session = schemaOf(sessionFields, {
  $id: 'Session',
  description: 'A visit of the website',
  examples: [{ active_time: 340, pagesVisited: ['/pricing'], start_time: '2026-01-31T09:20:00.000Z' }],
})

/**
 * The two instants of each object that hang on the sandbox's clock. They are neighbours in the documented order, so a
 * reader puts them into a stored `doc` in place of `"syft_first_seen":null,"syft_last_seen":null`, at its first
 * occurrence: free-form objects, which could repeat that text, come later.
 */
export const clockFields = {
  account: ['syft_first_seen', 'syft_last_seen'],
  contact: ['syft_first_seen', 'syft_last_seen'],
  session: ['start_time', 'end_time'],
} as const satisfies Record<WebhookKind, readonly [string, string]>

/**
 * A webhook object as it is kept. `doc` is JSON text with every documented field in the documented order, in which the
 * two `clockFields` are always null; `from` and `to` hold those, in epoch milliseconds. Equal contents have equal ids.
 *
 * For whoever reads it: the schemas judged its values, those of fields with `values` too, before it was kept. It is shown
 * as it is and judged no second time.
 */
export type StoredObject = { id: string; doc: string; from: number | null; to: number | null }

/**
 * Keeps a wire object that `Account`, `Contact` or `Session` has validated. Unknown scalars and objects become null,
 * unknown lists empty, other datetimes `YYYY-MM-DDTHH:mm:ss.sssZ`. `parseInstant` gives the epoch milliseconds of an
 * accepted instant.
 */
export function storeObject(
  kind: WebhookKind,
  given: Record<string, unknown>,
  parseInstant: (text: string) => number,
): StoredObject {
  const instants: Record<string, number> = {}
  const shown: Record<string, string> = {}
  for (const { name, type } of fieldsByKind[kind]) {
    const value = given[name]
    if (type !== 'datetime' || typeof value !== 'string') continue
    const instant = Math.floor(parseInstant(value))
    instants[name] = instant
    shown[name] = new Date(instant).toISOString()
  }
  const [first, last] = clockFields[kind]
  return packObject(kind, [given, shown], { from: instants[first] ?? null, to: instants[last] ?? null })
}

/**
 * Keeps the documented values among `parts`, of which later ones win, beside the two clock instants in milliseconds.
 * Parts, because V8 takes many times as long to spread them into one literal of this size as to assign them.
 */
export function packObject(
  kind: WebhookKind,
  parts: readonly object[],
  { from, to }: { from: number | null; to: number | null },
): StoredObject {
  const values: Record<string, unknown> = Object.assign({}, ...parts)
  const [first, last] = clockFields[kind]
  const whole: Record<string, unknown> = {}
  for (const { name, type } of fieldsByKind[kind]) {
    whole[name] = name === first || name === last ? null : (values[name] ?? (type === 'string[]' ? [] : null))
  }
  const doc = JSON.stringify(whole)
  const digest = createHash('sha256').update(JSON.stringify([kind, doc, from, to]))
  return { id: digest.digest('hex').slice(0, 24), doc, from, to }
}

const fieldsByKind: Record<WebhookKind, readonly WebhookField[]> = {
  account: accountFields,
  contact: contactFields,
  session: sessionFields,
}

type Row = readonly [type: WebhookField['type'], description: string, values?: readonly string[]]

function fieldsOf(rows: Record<string, Row>): readonly WebhookField[] {
  return Object.entries(rows).map(([name, [type, description, values]]) => ({
    name,
    type,
    description,
    ...(values && { values }),
  }))
}

function schemaOf(fields: readonly WebhookField[], options: SchemaOptions): TObject<Record<string, TSchema>> {
  const properties = fields.map((field) => [field.name, Type.Optional(fieldSchema(field))])
  return Type.Object(Object.fromEntries(properties), { ...options, additionalProperties: false })
}

function fieldSchema({ type, values, description }: WebhookField): TSchema {
  if (type === 'string[]') return Type.Array(Type.String(), { description })
  return Type.Union([knownSchema(type, values), Type.Null()], { description })
}

function knownSchema(type: Exclude<WebhookField['type'], 'string[]'>, values: readonly string[] | undefined): TSchema {
  if (type === 'number') return Type.Number()
  if (type === 'boolean') return Type.Boolean()
  if (type === 'object') return Type.Record(Type.String(), Type.Unknown())
  if (type === 'datetime') return Type.String({ format: 'instant' })
  return values ? oneOf(values) : Type.String()
}
