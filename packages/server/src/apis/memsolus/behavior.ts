import { type Static, Type } from '@sinclair/typebox'
import type { Db } from '../../ports/database/database.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { changeSettings } from '../../sandbox/settings.ts'
import { DurationText, objectOf, oneOf } from '../../wire/control-types.ts'
import { parseDuration } from '../../wire/duration.ts'
import type { ExportRow } from './exports.ts'
import { outcomes } from './schemas.ts'

const polls = Type.Integer({ minimum: 0, maximum: 10_000 })

/** How the next exports of a sandbox behave. What is left out is as fast as it can be, and succeeds. */
export const Behavior = objectOf(
  {
    pendingFor: Type.Optional(DurationText),
    processingFor: Type.Optional(DurationText),
    polls: Type.Optional(objectOf({ pending: Type.Optional(polls), processing: Type.Optional(polls) })),
    hold: Type.Optional(oneOf(['PENDING', 'PROCESSING'])),
    outcome: Type.Optional(oneOf(outcomes)),
    failure: Type.Optional(
      Type.String({ minLength: 1, maxLength: 1000, description: 'Why it failed', examples: ['Disk full'] }),
    ),
  },
  {
    $id: 'Behavior',
    description: 'How exports behave; what is left out is as fast as it can be, and succeeds',
    examples: [{ pendingFor: '30s', processingFor: '5m' }, { polls: { pending: 1 } }, { outcome: 'fail' }],
  },
)
export type Behavior = Static<typeof Behavior>

/** The behavior that a sandbox gives its next exports; it was checked when it was set. */
export function behaviorOf(sandbox: Sandbox): Behavior {
  return (sandbox.settings.memsolus ?? {}) as Behavior
}

/** Makes the next exports of a sandbox behave so, and no longer as was said before. */
export async function setBehavior(tx: Db, sandbox: Sandbox, behavior: Behavior): Promise<void> {
  await changeSettings(tx, sandbox, { memsolus: behavior })
}

/** A behavior as the columns of an export. */
export function behaviorColumns({ pendingFor, processingFor, polls, hold, outcome, failure }: Behavior) {
  return {
    pendingForMs: parseDuration(pendingFor ?? '0s') ?? 0,
    processingForMs: parseDuration(processingFor ?? '0s') ?? 0,
    pollsPending: polls?.pending ?? null,
    pollsProcessing: polls?.processing ?? null,
    hold: hold ?? null,
    outcome: outcome ?? 'ready',
    failure: failure ?? null,
  } satisfies Partial<ExportRow>
}
