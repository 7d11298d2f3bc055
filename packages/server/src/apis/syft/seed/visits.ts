import type { Random } from '../../../random.ts'

const dayMs = 86_400_000

/** Where a visit came from, as the traffic source and its UTM values tell it. */
export type Touch = {
  referrer: string | null
  source: string
  channel: string | null
  medium: string | null
  campaign: string | null
  utmSource: string | null
}

/** What somebody, or everybody of a company, did on the website. `from` and `to` are offsets in ms, at most 0. */
export type Visits = {
  from: number
  to: number
  sessions: number
  highIntentSessions: number
  pageViews: number
  visitorIds: number
  minutes: number
  intents: string[]
  personas: string[]
  pages: string[]
  first: Touch
  latest: Touch
}

const site = 'https://www.example.com'
const paths = [
  '/pricing',
  '/pricing?plan=team&billing=annual',
  '/demo',
  '/product/automation',
  '/product/analytics',
  '/integrations/salesforce',
  '/integrations/hubspot',
  '/customers/northwind',
  '/compare/alternatives',
  '/docs/getting-started',
  '/docs/api#authentication',
  '/blog/ten-plays-for-account-based-marketing',
  '/security',
  '/webinars/pipeline-from-anonymous-traffic',
  '/contact-sales',
]
export const pageUrls: readonly string[] = paths.map((path) => `${site}${path}`)

export const signals: readonly string[] = [
  'Viewed pricing page',
  'Requested a demo',
  'Compared alternatives',
  'Read API documentation',
  'Returned within 7 days',
  'Multiple visitors from one company',
  'Visited security page',
  'Downloaded a whitepaper',
  'Watched a product tour',
  'Engaged with a LinkedIn ad',
]

const campaigns: readonly string[] = [
  'brand-search',
  'abm-tier-1',
  'revops-webinar',
  'competitor-alternatives',
  'product-launch',
  'customer-story-retargeting',
  'founders newsletter',
  'spring_sale_50%_off',
]

const touches: readonly Omit<Touch, 'campaign'>[] = [
  touch('PAID_SEARCH', 'https://www.google.com/', 'Paid Search', 'cpc', 'google'),
  touch('PAID_SOCIAL', 'https://www.linkedin.com/', 'Paid Social', 'paid-social', 'linkedin'),
  touch('ORGANIC_SOCIAL', 'https://www.linkedin.com/feed/', 'Organic Social', 'social', 'linkedin'),
  touch('ORGANIC_SEARCH', 'https://www.bing.com/', 'Organic Search', 'organic', 'bing'),
  touch('REFERRAL', 'https://reviews.example.org/compare?a=1&b=2', 'Referral', 'referral', 'reviews.example.org'),
  touch('EMAIL', 'https://mail.google.com/', 'Email', 'email', 'newsletter'),
  touch('DISPLAY', 'https://news.example.net/', 'Display', 'banner', 'adnetwork'),
  touch('AFFILIATES', 'https://partner.example.net/picks', 'Affiliates', 'affiliate', 'partner'),
]
const directTouch: Touch = {
  referrer: null,
  source: 'DIRECT',
  channel: null,
  medium: null,
  campaign: null,
  utmSource: null,
}

export function makeTouch(random: Random): Touch {
  if (random.chance(0.04)) return directTouch
  return { ...random.pick(touches), campaign: random.pick(campaigns) }
}

/** Between `min` and `max` different ones of a list. */
export function pickSome<T>(random: Random, list: readonly T[], min: number, max: number): T[] {
  const left = [...list]
  const count = random.int(min, max)
  return Array.from({ length: count }, () => left.splice(random.int(0, left.length - 1), 1)).flat()
}

/** Visits of a company, or within those the visits of one person who works there. */
export function makeVisits(random: Random, { personas, within }: { personas: string[]; within?: Visits }): Visits {
  const most = within ?? {
    from: -random.int(30, 400) * dayMs,
    to: -random.int(0, 9 * dayMs),
    sessions: 60,
    highIntentSessions: 20,
    pageViews: 300,
    minutes: 600,
  }
  const thirdMs = Math.floor((most.to - most.from) / 3)
  const sessions = random.int(1, most.sessions)
  const first = makeTouch(random)
  return {
    from: random.int(most.from, most.from + thirdMs),
    to: random.int(most.to - thirdMs, most.to),
    sessions,
    highIntentSessions: Math.min(random.int(0, Math.ceil(sessions / 3)), most.highIntentSessions),
    pageViews: Math.min(sessions * random.int(1, 4) + random.int(0, 5), most.pageViews),
    visitorIds: random.int(1, Math.min(sessions, 12)),
    minutes: Math.min(random.int(sessions, sessions * 9), most.minutes),
    intents: pickSome(random, signals, 1, 4),
    personas,
    pages: pickSome(random, paths, 2, 5),
    first,
    latest: sessions > 1 ? makeTouch(random) : first,
  }
}

/** The activity fields that accounts and contacts share. */
export function visitFields(visits: Visits) {
  const { first, latest } = visits
  const touched = [...new Set([first.campaign, latest.campaign])].filter((campaign) => campaign !== null)
  return {
    syft_persona: visits.personas.join('; '),
    syft_persona_array: visits.personas,
    syft_intents: visits.intents.join('; '),
    syft_intents_array: visits.intents,
    syft_time_spent: visits.minutes,
    syft_sessions: visits.sessions,
    syft_high_intent_sessions: visits.highIntentSessions,
    syft_page_views: visits.pageViews,
    syft_visitor_id_count: visits.visitorIds,
    syft_purchase_intent: purchaseIntentOf(visits),
    syft_visited_pages: visits.pages.join(', '),
    syft_original_referrer: first.referrer,
    syft_original_source: first.source,
    syft_original_utm_channel: first.channel,
    syft_original_utm_medium: first.medium,
    syft_original_utm_campaign: first.campaign,
    syft_original_utm_source: first.utmSource,
    syft_latest_referrer: latest.referrer,
    syft_latest_source: latest.source,
    syft_latest_utm_channel: latest.channel,
    syft_latest_utm_medium: latest.medium,
    syft_latest_utm_campaign: latest.campaign,
    syft_latest_utm_source: latest.utmSource,
    syft_utm_campaigns: touched.length > 0 ? touched.join(', ') : null,
  }
}

/** The LinkedIn totals that accounts and contacts share; the engagements are the sum of the others. */
export function linkedinFields(random: Random, topic: string) {
  const [clicks, likes, shares, comments] = [random.int(0, 80), random.int(0, 40), random.int(0, 8), random.int(0, 12)]
  const engagements = clicks + likes + shares + comments
  return {
    syft_linkedin_impressions_total: engagements * random.int(8, 60) + random.int(1, 50),
    syft_linkedin_clicks_total: clicks,
    syft_linkedin_likes_total: likes,
    syft_linkedin_shares_total: shares,
    syft_linkedin_comments_total: comments,
    syft_linkedin_engagements_total: engagements,
    syft_linkedin_posts: `"${topic}", https://www.linkedin.com/feed/update/urn:li:activity:${random.int(1e9, 9e9)}/`,
  }
}

/** One sentence or two on what was done and by whom. */
export function summaryOf(visits: Visits, byWhom: string): string {
  const { sessions, pageViews, highIntentSessions } = visits
  const counts = `Sessions ${byWhom}: ${sessions}, of high intent: ${highIntentSessions}, page views: ${pageViews}.`
  return `${counts} Purchase intent: ${purchaseIntentOf(visits).replace('_', ' ')}.`
}

export function purchaseIntentOf({ highIntentSessions }: Pick<Visits, 'highIntentSessions'>): string {
  if (highIntentSessions > 8) return 'very_high'
  if (highIntentSessions > 3) return 'high'
  return highIntentSessions > 0 ? 'medium' : 'low'
}

function touch(source: string, referrer: string, channel: string, medium: string, utmSource: string) {
  return { source, referrer, channel, medium, utmSource }
}
