import type { Random } from '../../../random.ts'
import { packObject, type StoredObject } from '../webhook-objects.ts'
import type { Company } from './accounts.ts'
import { placeFields } from './places.ts'
import { makeTouch, pageUrls, pickSome, purchaseIntentOf, signals } from './visits.ts'

/** One visit by somebody of the company, within the company's first and last. `active_time` is in seconds. */
export function makeSession(random: Random, company: Company): StoredObject {
  const { visits, address } = company
  const durationMs = random.int(20, 2_400) * 1_000 + random.int(0, 999)
  const from = random.int(visits.from, visits.to - durationMs)
  const activeSeconds = random.int(5, Math.floor(durationMs / 1_000))
  const visited = pickSome(random, pageUrls, 1, 4)
  const { city, state, country } = address.place
  const { referrer, utmSource, medium, campaign, channel } = makeTouch(random)
  const intent = purchaseIntentOf({ highIntentSessions: random.int(0, 10) })
  const confidence = random.pick(['very_high', 'high', 'medium', 'low'])
  const values = {
    active_time: activeSeconds,
    activeTime: activeSeconds,
    signals: random.chance(0.15) ? [] : pickSome(random, signals, 1, 3),
    pages_visited: visited,
    pagesVisited: visited,
    referrer,
    utm_source: utmSource,
    utm_medium: medium,
    utm_campaign: campaign,
    utm_channel: channel ?? 'Direct',
    geo_location: `${city}, ${state}, ${country}`,
    location: `${city}, ${state}, ${country}`,
    syft_purchase_intent: intent,
    intent,
    enrichment_confidence: confidence,
    enrichmentConfidence: confidence,
  }
  return packObject('session', [values, company.isSparse ? { country } : placeFields(address)], {
    from,
    to: from + durationMs,
  })
}
