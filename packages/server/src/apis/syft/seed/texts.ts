import { type Random, randomOf } from '../../../random.ts'

/** What a motion says about its runs: lists to pick from. */
export type RunTexts = {
  evaluationSummaries: readonly string[]
  skipSummaries: readonly string[]
  triggerReasons: readonly string[]
  actionPlanSummaries: readonly string[]
  failures: readonly string[]
}

/** The texts of one seed. The evaluation summaries are put together from parts; about one in ten is hard to parse. */
export function makeTexts(seed: number): RunTexts {
  const composed = Array.from({ length: 80 }, (_, index) => evaluationSummary(randomOf(seed, 'evaluation', index)))
  return {
    evaluationSummaries: [...composed, ...awkwardSummaries],
    skipSummaries,
    triggerReasons,
    actionPlanSummaries,
    failures,
  }
}

function evaluationSummary(random: Random): string {
  const first = `${random.pick(findings)} ${random.pick(evidence)}`
  return random.chance(0.7) ? `${first} ${random.pick(conclusions)}` : first
}

const findings = [
  'High intent lead from the pricing page.',
  'Strong fit: size, industry and region match the ideal customer profile.',
  'Good fit, moderate intent.',
  'An existing opportunity became active again.',
  'Several people of one buying group are researching at the same time.',
  'A technical evaluation seems to be under way.',
  'The visitor compares us with an incumbent.',
  'Early research, yet from a target account.',
] as const

const evidence = [
  'Three visits to /pricing within 48 hours, the last one for eleven minutes.',
  'Read the Salesforce and HubSpot integration pages back to back.',
  'Came back from a LinkedIn ad after 23 days of silence.',
  'Opened the security page and downloaded the SOC 2 summary.',
  'Watched 80% of the product tour and then looked at the annual plan.',
  'Two colleagues registered for the webinar this week.',
  'Started with a branded search, then read four customer stories.',
  'Asked for a demo in the chat but left before choosing a time.',
  'The company posted two openings for revenue operations.',
] as const

const conclusions = [
  'Reach out today while the topic is fresh.',
  'Best route: the marketing lead, with a note on time to value.',
  'Suggest a short call instead of a long e-mail.',
  'Hand over to the account owner.',
  'Keep warm with the customer story of the same industry.',
  'Confidence: high.',
] as const

// Each breaks something that reads text carelessly: CSV, Markdown, spreadsheets, logs, terminals.
const awkwardSummaries = [
  'Said "we\'re ready, if the price is right", then asked for "net 60", twice.',
  "Line one: fits.\nLine two: not now, but in Q3.\r\nLine three: call, don't write.",
  '=HYPERLINK("https://www.example.com/pricing","High intent")',
  '| signal | score |\n|---|---|\n| pricing | 9 |\n| docs | 7 |',
  'Their form said `{"budget": "€50,000", "when": null}` and ended in ```',
  'זוהי הזדמנות טובה: the champion (نورا) answered within 5 minutes.',
  '🔥🔥 Hot lead! 👩🏽‍💻 read the docs, 👨‍👩‍👧 asked about seats — 100 % fit 🇨🇭',
  "Robert'); DROP TABLE leads;-- was typed into the name field; the rest looks real.",
  '\tTabs\tbetween\twords, a \\backslash\\, a semicolon; and <script>alert(1)</script>',
] as const

const skipSummaries = [
  'Outside the ideal customer profile: fewer than 20 employees.',
  'Already a customer; left to the account team.',
  'Competitor domain.',
  'No work email could be found for this visitor.',
  'Contacted by another motion within the last 14 days.',
  'Low intent: one page view, four seconds.',
] as const

const triggerReasons = [
  'Matched ICP criteria',
  'Viewed pricing page 3 times in 7 days',
  'Submitted the demo form',
  'Imported from a list',
  'Third visitor from the same company this week',
  'Lifecycle stage changed to opportunity',
  'Clicked a LinkedIn ad, then visited the website',
  'Requested by an assistant: "find similar accounts"',
  'Returned after 30+ days',
  'Purchase intent rose from medium to very high',
] as const

const actionPlanSummaries = [
  'Send welcome email',
  'Created a contact in HubSpot, assigned the owner and added a task for tomorrow.',
  'Posted to #hot-leads in Slack and enrolled the contact in the sequence "Pricing follow-up".',
  'Updated the lifecycle stage to opportunity; no message sent.',
  'Drafted a LinkedIn message for review.',
  'Added three contacts to the campaign ABM tier 1, skipped one without an email address.',
  '1. Enrich the account\n2. Find the economic buyer\n3. Send the security whitepaper',
  'Synced to Salesforce as a lead, with the research report in the notes.',
  'Invited to the next roundtable; reminder in 5 days.',
] as const

const failures = [
  'HubSpot answered 429 Too Many Requests; gave up after 5 attempts',
  'Enrichment timed out after 30000 ms',
  'Salesforce: REQUIRED_FIELD_MISSING: Required fields are missing: [LastName]',
  'No mailbox is connected for the owner of this account',
  'The email address was rejected: 550 5.1.1 user unknown',
  'Slack channel "#hot-leads" is archived',
  'The AI evaluation gave no valid JSON: Unexpected token \'<\', "<!DOCTYPE "... is not valid JSON',
  'Out of enrichment credits',
  'The integration was disconnected while the run was in progress',
] as const
