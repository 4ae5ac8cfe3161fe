/**
 * All heavy work by name; a worker thread runs nothing else. Modules are loaded on first use, so that a thread
 * carries only what it runs.
 */
import type { ChangesQuestion } from '../codes/changes-page.ts'
import type { ShelfQuestion } from '../codes/shelf-page.ts'
import type { ConsoleQuestion, DayQuestion } from '../console/people/reads.ts'
import type { ConceptMapQuestion } from '../http/fhir/concept-map-task.ts'
import type { ExpansionQuestion } from '../http/fhir/expand-task.ts'
import type { DocumentQuestion } from '../http/rest/document-task.ts'
import type { CasePage } from '../pipeline/recovery/case-page.ts'
import type { FiguresQuestion, StayMessagesQuestion } from '../reports/figures/question.ts'
import type { SheetWanted } from '../reports/figures/sheet-format.ts'
import type { SheetName } from '../reports/figures/sheets.ts'
import type { StaysQuestion } from '../reports/import-task.ts'
import type { MappingQualityQuestion } from '../reports/mapping-quality/mapping-quality.ts'
import type { RateQuestions } from '../reports/question.ts'
import type { StayNumbers } from '../reports/stay-numbers.ts'
import { jsonAnswer, type Task, taggedAnswer } from './task.ts'

/** Institutions that a query covers; null for all. */
interface OfInstitutions {
  readonly institutions: readonly string[] | null
}

/** What is asked of stays. */
interface OfStays {
  readonly stays: StayNumbers
}

const task = <Question>(run: Task<Question>) => run

/** The tasks. */
export const TASKS = {
  'settlement-rate': task<RateQuestions & { readonly stays: StayNumbers }>(
    async ({ stays, ...asked }, { figures }) => {
      const { answerRate } = await import('../reports/figures/ask-rate.ts')
      return jsonAnswer(answerRate(await figures(stays), asked))
    },
  ),
  figures: task<
    { readonly sheet: SheetName; readonly asked: FiguresQuestion; readonly wanted: SheetWanted } & OfStays
  >(async ({ sheet, asked, wanted, stays }, { figures }) => {
    const { SHEETS } = await import('../reports/figures/sheets.ts')
    const { aboutFigures, sheetAnswer } = await import('../reports/figures/sheet-answer.ts')
    return sheetAnswer(SHEETS[sheet](await figures(stays), asked), wanted, aboutFigures(sheet, asked))
  }),
  'stay-messages': task<{ readonly asked: StayMessagesQuestion; readonly wanted: SheetWanted } & OfStays>(
    async ({ asked, wanted, stays }, { figures, database }) => {
      const { messageSheet } = await import('../reports/figures/messages.ts')
      const { aboutMessages, sheetAnswer } = await import('../reports/figures/sheet-answer.ts')
      return sheetAnswer(messageSheet(await figures(stays), database(), asked), wanted, aboutMessages(asked))
    },
  ),
  'open-cases': task<{ readonly worker: number; readonly page: CasePage } & OfInstitutions>(
    async ({ worker, page, institutions }, { database }) => {
      const { readCaseRows } = await import('../pipeline/recovery/case-page.ts')
      return jsonAnswer(readCaseRows(database(), worker, page, institutions))
    },
  ),
  tally: task<OfInstitutions>(async ({ institutions }, { database }) => {
    const { readTotals } = await import('../ledger/totals.ts')
    return jsonAnswer(readTotals(database(), institutions))
  }),
  'code-changes': task<ChangesQuestion>(async (asked, { codes }) => {
    const { changesPage } = await import('../codes/changes-page.ts')
    return taggedAnswer(changesPage(await codes(), asked))
  }),
  'catalogue-page': task<ShelfQuestion>(async ({ lines, ...page }, { codes }) => {
    const { linesOf, shelfPage } = await import('../codes/shelf-page.ts')
    const made = shelfPage(await codes(), page)
    if (lines) return { type: 'text/plain; charset=utf-8', body: linesOf(made) }
    return jsonAnswer({ version: made.version, rows: made.rows })
  }),
  'concept-map': task<ConceptMapQuestion>(async (asked, { codes }) => {
    const { conceptMapAnswer } = await import('../http/fhir/concept-map-task.ts')
    return conceptMapAnswer(asked, await codes())
  }),
  'mapping-quality': task<MappingQualityQuestion & { readonly csv: boolean }>(
    async ({ csv, ...asked }, { codes, database }) => {
      const { mappingQuality } = await import('../reports/mapping-quality/mapping-quality.ts')
      const report = await mappingQuality(database(), await codes(), asked)
      if (!csv) return jsonAnswer(report)
      const { worklistCsv } = await import('../reports/mapping-quality/text.ts')
      return { type: 'text/csv; charset=utf-8', body: worklistCsv(report) }
    },
  ),
  expansion: task<ExpansionQuestion>(async (asked, { codes }) => {
    const { expansionAnswer } = await import('../http/fhir/expand-task.ts')
    return expansionAnswer(asked, await codes())
  }),
  'console-page': task<ConsoleQuestion>(async (asked, { database }) => {
    const { readConsole } = await import('../console/people/reads.ts')
    return jsonAnswer(readConsole(database(), asked))
  }),
  'console-day': task<DayQuestion>(async (asked, { database }) => {
    const { readDayOf } = await import('../console/people/reads.ts')
    return jsonAnswer(readDayOf(database(), asked))
  }),
  openapi: task<DocumentQuestion>(async (asked) => {
    const { documentOf } = await import('../http/rest/document-task.ts')
    return taggedAnswer(await documentOf(asked))
  }),
  'stays-import': task<StaysQuestion>(async (asked, tools) => {
    const { takeStays } = await import('../reports/import-task.ts')
    return jsonAnswer(await takeStays(asked, tools))
  }),
}

/** Name of a task. */
export type TaskName = keyof typeof TASKS

/** Input of a task. */
export type QuestionOf<Name extends TaskName> = Parameters<(typeof TASKS)[Name]>[0]
