import type { Case } from '../case.ts'
import { syftCases } from './syft/index.ts'

/** All cases, in the order they are run. */
export const cases: readonly Case[] = syftCases
