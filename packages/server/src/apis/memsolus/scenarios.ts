import type { Scenario, ScenarioScript } from '../../sandbox/scenario.ts'

const memories = { count: 200 }
const downloads = (...steps: Record<string, unknown>[]): ScenarioScript => ({
  operation: 'memsolus.downloadExport',
  steps,
})

export const memsolusScenarios: readonly Scenario[] = [
  {
    name: 'export-slow',
    description: 'Exports are PENDING for two polls and PROCESSING for five, with Retry-After',
    goodClient: 'asks ever less often, and downloads once',
    reading: { hints: true },
    data: { memsolus: { memories, behavior: { polls: { pending: 2, processing: 5 } } } },
  },
  {
    name: 'export-fails',
    description: 'Exports become FAILED',
    goodClient: 'stops asking, and says so',
    data: { memsolus: { memories, behavior: { outcome: 'fail', failure: 'Disk full' } } },
  },
  {
    name: 'download-cut',
    description: 'The first download ends at half of its Content-Length, the second inside a field; the third is whole',
    goodClient: 'compares what it has with what was announced, and tries again',
    data: { memsolus: { memories } },
    scripts: [downloads({ truncate: { after: 0.5 } }, { truncate: { inside: 'csv-field', contentLength: 'none' } })],
  },
  {
    name: 'download-late',
    description: 'The export expires just before it is downloaded',
    goodClient: 'creates another one',
    data: { memsolus: { memories } },
    scripts: [downloads({ before: [{ advanceClock: { by: '72h' } }] })],
  },
  {
    name: 'create-lost',
    description: 'The first export is created, and the answer to that never comes',
    goodClient: 'finds it in the list, or creates another one',
    data: { memsolus: { memories } },
    scripts: [{ operation: 'memsolus.createExport', steps: [{ close: true }] }],
  },
  {
    name: 'awkward-texts',
    description: 'Memories with quotes, line ends, commas, emoji and what spreadsheets take for formulas',
    goodClient: 'stores every text as it was, from CSV, too',
    data: {
      memsolus: {
        memories: {
          items: [
            'Said: "No", twice',
            'Line one\nline two\r\nline three',
            'Commas, semicolons; and\ttabs',
            '=HYPERLINK("https://example.com","here")',
            'Family 👨‍👩‍👧‍👦, flag 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
            'אוהבת תה ولا تحب القهوة',
            ' spaces at both ends ',
            '```\na fence\n```',
            'null',
            '',
          ].map((memory) => ({ memory })),
        },
      },
    },
  },
]
