/** All heavy work by name. The thread runs this table and nothing else. */
import { answerRate, type RateQuestions } from '../reports/question.ts'
import { jsonAnswer, type Task } from './task.ts'

const task = <Question>(run: Task<Question>) => run

/** The tasks. */
export const TASKS = {
  'settlement-rate': task<RateQuestions>((asked, { database }) => jsonAnswer(answerRate(database(), asked))),
}

/** Name of a task. */
export type TaskName = keyof typeof TASKS

/** What a task is asked. */
export type QuestionOf<Name extends TaskName> = Parameters<(typeof TASKS)[Name]>[0]
