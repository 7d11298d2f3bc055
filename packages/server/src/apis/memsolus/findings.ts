import { type Finding, type Judge, type JudgedExchange, recall, remember } from '../../judging.ts'
import { judgeCreate } from './findings/creates.ts'
import { judgeDownload, judgePoll } from './findings/polls.ts'
import { beginPast, type Listed, type MemsolusPast } from './findings/state.ts'
import { CreateQuery, ListQuery } from './schemas.ts'

/** How clients of the Memsolus Exports API are judged. */
export const memsolusJudge: Judge<MemsolusPast> = {
  parameters: {
    'memsolus.createExport': {
      names: Object.keys(CreateQuery.properties),
      times: ['created_after', 'created_before'],
      // M-CREATE-3c
      repeatable: ['categories'],
    },
    'memsolus.listExports': { names: Object.keys(ListQuery.properties), capped: { page_size: 100 } },
    'memsolus.getExport': { names: [] },
    'memsolus.downloadExport': { names: [] },
  },
  begin: beginPast,
  async step(exchange, past, context) {
    switch (exchange.operation) {
      case 'memsolus.createExport':
        return judgeCreate(exchange, past, context)
      case 'memsolus.getExport':
        return judgePoll(exchange, past, context)
      case 'memsolus.downloadExport':
        return judgeDownload(exchange, past, context)
      case 'memsolus.listExports':
        return judgeListing(exchange, past)
      default:
        return []
    }
  },
}

const MOST_LISTINGS = 20

/** M-LIST-2c: the newest export comes first, so a new one moves all others on. */
function judgeListing({ facts, status, keyEnd, method }: JudgedExchange, { listings }: MemsolusPast): Finding[] {
  const { page, pageSize, total }: Partial<Listed> = facts
  if (status !== 200 || method === 'HEAD' || page === undefined || pageSize === undefined || total === undefined) {
    return []
  }
  const before = recall(listings, `${keyEnd}`)
  remember(listings, `${keyEnd}`, { page, pageSize, total }, MOST_LISTINGS)
  if (before?.page !== page - 1 || before.pageSize !== pageSize || total <= before.total) return []
  const created = total - before.total
  const message = `${created === 1 ? 'An export was' : `${created} exports were`} created since page ${before.page}, so as many moved from there to page ${page} and came twice. Drop those whose \`id\` you know.`
  return [{ code: 'list.drift', message }]
}
