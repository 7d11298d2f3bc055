import type { ApiModule } from '../../api-module.ts'
import { actionOf } from '../../sandbox/action.ts'
import { advanceClock, changeClock } from '../clock/change.ts'
import { AdvanceInput } from '../clock/schemas.ts'
import { ClockInput } from '../sandboxes/schemas.ts'
import type { NamedActions } from './actions.ts'
import { keyActions } from './keys.ts'

/** What scripts can do to a sandbox itself. A clock is moved after the transaction, since others happen on its way. */
export function ownActions(modules: readonly ApiModule[]): NamedActions {
  return {
    ...keyActions,
    advanceClock: actionOf(
      AdvanceInput,
      'Advances the clock, as far as what is due on the way',
      async (_tx, { id }, body) => {
        return async (deps) => {
          await advanceClock({ deps, modules, sandboxId: id }, body)
        }
      },
    ),
    setClock: actionOf(
      ClockInput,
      'Sets the clock forward, freezes it, or changes its rate',
      async (_tx, { id }, body) => {
        return (deps) => changeClock({ deps, modules, sandboxId: id }, body)
      },
    ),
  }
}
