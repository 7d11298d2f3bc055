import type { Random } from '../../../random.ts'
import type { MemsolusPools } from './pools.ts'

type Sentence = (random: Random, pools: MemsolusPools) => string

/**
 * Texts that a real memory may hold and that break what writes or reads CSV, Markdown and spreadsheets carelessly:
 * quotes, line ends of all kinds, fences, formulas, directions, joined emoji, spaces at the ends.
 */
export const awkwardSentences: readonly Sentence[] = [
  (r, p) => `Said: "I'd rather have ${r.pick(p.dishes)}", then ordered "${r.pick(p.dishes)}", twice.`,
  (r, p) => `Signs letters with """${r.pick(p.people)}""", of ${r.pick(p.companies)}, "Ltd".`,
  (r, p) => `Shopping list:\n- ${r.pick(p.dishes)}\n- ${r.pick(p.products)}\n- 2 × oat milk`,
  (r, p) => `Address, as pasted from Windows:\r\n${r.pick(p.people)}\r\n${r.pick(p.streets)}\r\n${r.pick(p.cities)}`,
  (r, p) => `Old Mac line ends:\r${r.pick(p.people)}\r${r.pick(p.cities)}`,
  (r, p) => `| day | meal |\n|---|---|\n| Mon | ${r.pick(p.dishes)} |\n| Tue | ${r.pick(p.dishes)} |`,
  (r, p) => `Keeps this snippet:\n\`\`\`ts\nconst home = '${r.pick(p.cities)}' // ${r.int(1, 1e6)}\n\`\`\``,
  (r, p) =>
    `Shows fences in fences:\n\`\`\`\`\`md\n\`\`\`\`\n${r.pick(p.books)}\n\`\`\`\`\n\`\`\`\`\` and on with ${r.pick(p.people)}`,
  (r, p) => `Runs \`rm -rf ./${r.hex(6)}\` and \`\`echo \`date\`\`\` on the machine of ${r.pick(p.people)}.`,
  (r, p) => `=HYPERLINK("https://www.example.com/${r.hex(8)}","${r.pick(p.cities)}")`,
  (r, p) => `+49 30 23125 ${r.int(100, 999)} is the number of ${r.pick(p.people)}, ${r.pick(p.companies)}`,
  (r, p) => `-${r.int(2, 30)} degrees in ${r.pick(p.cities)}: wants to be told before ${r.pick(p.people)} leaves`,
  (r, p) => `@${r.pick(p.people)} is to be asked about ${r.pick(p.products)}`,
  (r, p) =>
    `Family emoji: 👨‍👩‍👧‍👦, partner: 👩🏽‍❤️‍💋‍👨🏻, flag: 🏴󠁧󠁢󠁳󠁣󠁴󠁿; ${r.pick(p.people)} uses 🧑🏿‍🚀 for ${r.pick(p.cities)}.`,
  (r, p) => `אוהבת ${r.pick(p.dishes)} (with ${r.pick(p.people)}) ولا تحب القهوة بعد الساعة ${r.int(10, 20)}.`,
  (r, p) => `\tIndented\tby\ttabs:\t${r.pick(p.people)}\t${r.pick(p.jobs)}`,
  (r, p) => `Ends in a lone space after ${r.pick(p.songs)} and ${r.pick(p.books)} `,
  (r, p) => ` Begins with one; likes ${r.pick(p.dishes)} in ${r.pick(p.cities)}`,
  (r, p) =>
    `# Not a heading, says ${r.pick(p.people)}\n\n---\n\n1. ${r.pick(p.products)}\n2. <b>${r.pick(p.cities)}</b> &amp; more`,
  (r, p) => `Path C:\\new\\table\\${r.hex(5)}; regex \\d+\\.\\d*; not a line end: \\n (${r.pick(p.people)})`,
  (r, p) =>
    `Line\u2028and paragraph\u2029separators, a no-break\u00a0space, ${r.pick(p.people)} at ${r.pick(p.streets)}`,
  (r, p) => `Semicolons; commas, and ${r.pick(p.dishes)}; 1,5 kg; "null"; TRUE; 00${r.int(100, 999)}`,
  (r, p) => `Cafe\u0301 or Café? ${r.pick(p.people)} spells it both ways, ﬁnally in ${r.pick(p.cities)}.`,
  (r, p) => `{"likes":["${r.pick(p.dishes)}",null],"of":{"name":"${r.pick(p.people)}"}}`,
]
