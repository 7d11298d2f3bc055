/** What organizations call their motions; accounts and contacts name the one that created them. */
export const motionNames: readonly string[] = [
  'Pricing page visitors',
  'Closed-lost revival',
  'Champion changed jobs',
  'Webinar follow-up',
  'High-intent accounts, EMEA',
  'Demo no-shows',
  'Competitor comparison readers',
  'LinkedIn ad engagers',
  'Expansion: "power users"',
  'Trial ending soon',
  'Newsletter to first call',
  'Docs readers with a work email',
]

export const motionAudiences: readonly string[] = [
  'Enterprise',
  'Mid-market',
  'EMEA',
  'North America',
  'Startups',
  'Partners',
]

export const organizationNames = {
  first: ['Northstar', 'Lumen', 'Harbor', 'Juniper', 'Copper', 'Beacon', 'Meridian', 'Willow', 'Summit', 'Parallel'],
  second: ['Analytics', 'Robotics', 'Health', 'Cloud', 'Systems', 'Studio', 'Energy', 'Logistics', 'Security', 'Labs'],
} as const satisfies Record<string, readonly string[]>
