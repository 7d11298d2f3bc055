import { createHmac } from 'node:crypto'
import {
  capitalized,
  companyName,
  type Draw,
  familyNames,
  filler,
  givenNames,
  jobTitles,
  phoneNumber,
  pick,
  sameFormat,
  sameHex,
  word,
} from './fake-words.ts'

/** What is made of a text, by what the text is. An empty one stays. */
export type FakeValues = Record<Kind, (text: string) => string>
export type Kind =
  | ('company' | 'given' | 'family' | 'person' | 'title')
  | ('email' | 'emails' | 'phone' | 'handle' | 'domain' | 'site' | 'link' | 'pages')
  | ('place' | 'address' | 'code' | 'date' | 'amount' | 'labels' | 'text')

type Make = (draw: Draw) => string

const EMAIL = /^[^\s@,;:<>"]+@[^\s@,;:<>"]+$/
const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\/\S+$/i
const HOST = /^(?:[a-z0-9_-]+\.)+[a-z]{2,}$/i
const PATH = /^\/\S*$/
const PHONE = /^\+?[\d\s().\-/]{5,24}$/
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const IPV6 = /^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}$/i
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** An amount or two, of letters only those of amounts: there is no room for a name or a date. */
const AMOUNT =
  /^(?:(?:^|\s?(?:-|–|to)\s?)[<>~$€£¥]?\s?\d{1,3}(?:[.,\s]?\d{3})*(?:[.,]\d{1,2})?\s?(?:[kmbt]|bn|million|billion)?\+?){1,2}$/i
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/

/**
 * Made-up values in the place of real ones. Which one stands for which follows from the salt, a secret, and nothing else: the
 * same value is replaced by the same wherever it comes, and without the salt nobody can find out by trying which it was.
 */
export function createFakeValues(salt: string): FakeValues {
  const countries = countryNames()
  const isCountry = (text: string) => countries.has(text.trim().toLowerCase())

  /** What is made for a value, never the value itself. */
  function made(kind: string, value: string, make: Make): string {
    const known = value.toLowerCase()
    for (let attempt = 0; ; attempt += 1) {
      const text = make(drawFor(salt, [kind, value, attempt]))
      // What has one letter or digit, or none, may have no other to become.
      if (text.toLowerCase() !== known || attempt === 20) return text
    }
  }

  const domain = (text: string): string => {
    const labels = text.toLowerCase().replace(/\.$/, '').split('.')
    const isLong =
      labels.length > 2 &&
      (labels.at(-1)?.length ?? 0) === 2 &&
      /^(?:com?|org|net|ac|gov|edu)$/.test(labels.at(-2) ?? '')
    const base = labels.slice(isLong ? -3 : -2).join('.')
    const below = labels.slice(0, labels.length - (isLong ? 3 : 2))
    const names = below.map((label) => (label === 'www' ? label : made('label', label, (draw) => word(draw, 3))))
    return [...names, `${made('domain', base, (draw) => word(draw, 4))}.example`].join('.')
  }

  const email = (text: string): string => {
    const address = text.trim().toLowerCase()
    const at = address.lastIndexOf('@')
    if (at < 1) return plain(text)
    const local = made('email', address, (draw) => {
      const name = `${pick(draw, givenNames)}.${pick(draw, familyNames)}`.toLowerCase()
      return `${name}.${draw(36 ** 4).toString(36)}`
    })
    return `${local}@${domain(address.slice(at + 1))}`
  }

  const ip = (text: string): string =>
    made('ip', text, (draw) =>
      text.includes(':')
        ? `2001:db8::${draw(0x10000).toString(16)}:${draw(0x10000).toString(16)}`
        : `198.${18 + draw(2)}.${draw(256)}.${draw(256)}`,
    )

  /** `known` hosts, those of search engines and networks, tell nothing of who is behind a link. */
  const url = (text: string, known: ReadonlySet<string>): string => {
    const [, scheme = '', host = '', path = '', query = '', fragment = ''] =
      /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(text.trim()) ?? []
    // Without a user and a port, which are nobody else's business.
    const [, name = ''] = /^(?:.*@)?(.*?)(?::\d+)?$/s.exec(host) ?? []
    const isKnown = known.has(name.toLowerCase().replace(/^www\./, ''))
    const newHost = name === '' || isKnown ? name : IPV4.test(name) ? ip(name) : domain(name)
    const pair = (part: string) => {
      const [key = '', ...value] = part.split('=')
      const newKey = PARAMETERS.test(key) ? key : segment(key)
      return value.length === 0 ? newKey : `${newKey}=${segment(value.join('='))}`
    }
    return [
      `${scheme}${newHost}`,
      path.split('/').map(segment).join('/'),
      query === '' ? '' : `?${query.slice(1).split('&').map(pair).join('&')}`,
      fragment === '' ? '' : `#${segment(fragment.slice(1))}`,
    ].join('')
  }
  const segment = (text: string): string => {
    if (text === '' || SEGMENTS.has(text)) return text
    const [, stem = '', extension = ''] = /^(.*?)(\.(?:html?|php|pdf))?$/is.exec(text) ?? []
    return `${made('segment', stem, (draw) => word(draw, 4))}${extension}`
  }

  const code = (text: string) => made('code', text, (draw) => sameFormat(draw, text))

  const place = (text: string): string => {
    if (isCountry(text)) return text
    if (/^[A-Z]{2,3}$/.test(text)) return code(text)
    const words = Math.min(3, text.split(/\s+/).length)
    return made('place', text, (draw) => Array.from({ length: words }, () => capitalized(word(draw, 3))).join(' '))
  }
  const addressPart = (text: string): string => {
    if (isCountry(text) || !/\p{Nd}/u.test(text)) return place(text)
    return text
      .split(/(\s+)/)
      .map((part) => (/\p{Nd}/u.test(part) ? code(part) : (part.trim() && place(part)) || part))
      .join('')
  }

  const phone = (text: string) =>
    PHONE.test(text.trim()) ? made('phone', text.trim(), (draw) => phoneNumber(draw, text.trim())) : plain(text)
  const given = (text: string) => made('given', text, (draw) => pick(draw, givenNames))
  const family = (text: string) => made('family', text, (draw) => pick(draw, familyNames))

  const label = (text: string): string => {
    if (LABELS.has(text.toLowerCase())) return text
    return made('label', text, (draw) => {
      const words = text
        .split(/\s+/)
        .slice(0, 3)
        .map(() => word(draw, 3))
      return /^\p{Ll}/u.test(text) ? words.join(' ') : capitalized(words.join(' '))
    })
  }

  const plain = (text: string): string => made('text', text, (draw) => filler(draw, text))
  /** A text that nothing is known of: as what it looks like. */
  const text = (value: string): string => {
    const bare = value.trim()
    if (INSTANT.test(bare)) return value
    if (EMAIL.test(bare)) return email(bare)
    if (UUID.test(bare)) return made('uuid', bare, (draw) => sameHex(draw, bare))
    if (IPV4.test(bare) || (IPV6.test(bare) && /[0-9a-f]/i.test(bare))) return ip(bare)
    if (URL_LIKE.test(bare) || PATH.test(bare)) return url(bare, NO_HOSTS)
    if (HOST.test(bare)) return domain(bare)
    return PHONE.test(bare) ? phone(bare) : plain(value)
  }

  const kinds: FakeValues = {
    text,
    company: (value) => made('company', value, companyName),
    given,
    family,
    person(value) {
      const [first = '', ...others] = value.split(/\s+/)
      return others.length === 0 ? given(first) : `${given(first)} ${family(others.join(' '))}`
    },
    title: (value) => made('title', value, (draw) => pick(draw, jobTitles)),
    email: (value) => (EMAIL.test(value) ? email(value) : text(value)),
    emails: (value) => eachPart(value, /([,;\s]+)/, (part) => (EMAIL.test(part) ? email(part) : plain(part))),
    phone,
    handle: (value) => made('handle', value, (draw) => `${value.startsWith('@') ? '@' : ''}${word(draw, 4)}`),
    domain: (value) => (HOST.test(value) ? domain(value) : text(value)),
    site: (value) => (URL_LIKE.test(value) || /^[^\s@]+\.[^\s@]+$/.test(value) ? url(value, NO_HOSTS) : text(value)),
    link: (value) => (URL_LIKE.test(value) || /^[^\s@]+\.[^\s@]+$/.test(value) ? url(value, HOSTS) : text(value)),
    pages: (value) =>
      value.split(/[,;\s]+/).every((part) => part === '' || URL_LIKE.test(part) || PATH.test(part))
        ? eachPart(value, /([,;\s]+)/, (part) => url(part, NO_HOSTS))
        : plain(value),
    place,
    address: (value) => eachPart(value, /(\s*[,\n]\s*)/, addressPart),
    code,
    date: (value) =>
      made('date', value, (draw) => {
        const day = new Date(Date.UTC(1950 + draw(50), draw(12), 1 + draw(28))).toISOString()
        return INSTANT.test(value) ? day : day.slice(0, 10)
      }),
    amount: (value) => (AMOUNT.test(value) ? value : text(value)),
    labels: (value) => eachPart(value, /(\s*[,;|]\s*)/, label),
  }
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, fake]) => [
      kind,
      (value: string) => (value.trim() === '' ? value : fake(value.trim())),
    ]),
  ) as FakeValues
}

/** Whole numbers from the salt and what they are drawn for: HMAC-SHA-256, by as many blocks as it takes. */
export function drawFor(salt: string, parts: readonly (string | number)[]): Draw {
  let block = Buffer.alloc(0)
  let blocks = 0
  let at = 0
  return (below) => {
    if (at + 4 > block.length) {
      block = createHmac('sha256', salt)
        .update(JSON.stringify([...parts, blocks]))
        .digest()
      blocks += 1
      at = 0
    }
    const drawn = block.readUInt32BE(at)
    at += 4
    return drawn % below
  }
}

/** Parts are at the even places of what a separator with a group splits a text into. */
function eachPart(text: string, separator: RegExp, fake: (part: string) => string): string {
  return text
    .split(separator)
    .map((part, index) => (index % 2 === 1 || part === '' ? part : fake(part)))
    .join('')
}

/** The names and codes of countries, which identify nobody. */
function countryNames(): ReadonlySet<string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))
  const found = letters.flatMap((one) =>
    letters.flatMap((other) => {
      const name = names.of(one + other)
      return name === undefined ? [] : [one + other, name]
    }),
  )
  const others = ['USA', 'UK', 'United States of America', 'Czech Republic', 'Holland']
  return new Set([...found, ...others].map((name) => name.toLowerCase()))
}

const NO_HOSTS: ReadonlySet<string> = new Set()
const HOSTS: ReadonlySet<string> = new Set(
  'linkedin.com x.com twitter.com facebook.com instagram.com youtube.com google.com bing.com duckduckgo.com'.split(' '),
)
const PARAMETERS = /^(?:utm_[a-z]+|gclid|fbclid|ref|source|q|id|page)$/
const SEGMENTS: ReadonlySet<string> = new Set(
  (
    'in company posts feed update pricing docs blog demo about contact product products features login signup careers ' +
    'search customers integrations security webinars accounts index.html'
  ).split(' '),
)
const LABELS: ReadonlySet<string> = new Set(
  (
    'very high|high|medium|low|direct|organic|organic search|organic social|paid|paid search|paid social|email|referral|' +
    'social|display|cpc|ppc|newsletter|google|bing|linkedin|facebook|twitter|manual|form submission|personalized link|' +
    'website visitor|csv upload|webhook|csv|mcp|api|schedule|session|crm|salesforce|hubspot|slack|zapier|male|female|' +
    'other|unknown|none'
  ).split('|'),
)
