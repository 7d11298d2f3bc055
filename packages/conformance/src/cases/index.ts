import type { Case } from '../case.ts'
import { memsolusCases } from './memsolus/index.ts'
import { syftCases } from './syft/index.ts'

/** All cases, in the order they are run. */
export const cases: readonly Case[] = [...syftCases, ...memsolusCases]
