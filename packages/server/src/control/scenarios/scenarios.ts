import type { ApiModule } from '../../api-module.ts'
import type { Db } from '../../ports/database/database.ts'
import type { Origin, Sandbox } from '../../sandbox/sandbox.ts'
import type { Scenario } from '../../sandbox/scenario.ts'
import type { ScriptInput } from '../scripts/grammar.ts'
import { createScript } from '../scripts/queries.ts'

/** The scenario of a name that was checked; undefined without one. */
export function findScenario(modules: readonly ApiModule[], name: string | undefined): Scenario | undefined {
  return modules.flatMap(({ scenarios }) => scenarios).find((scenario) => scenario.name === name)
}

/** Does to the first requests of a sandbox what its scenario has for them. */
export async function armScripts(tx: Db, sandbox: Sandbox, { scripts = [] }: Origin): Promise<void> {
  for (const script of scripts) await createScript(tx, sandbox, script as ScriptInput)
}
