/** Copies of a journal. Only the shape: copies of segments are written on the archive branch. */
import type { Progress, Verification } from './verify.ts'

/** @throws always, on this branch */
export async function backUp(
  source: string,
  _target: string,
  _progress: Progress = () => {},
): Promise<Verification> {
  throw new Error(`The backup of ${source} is written on the archive branch`)
}

/** @throws always, on this branch */
export async function restore(
  backup: string,
  _target: string,
  _replace: boolean,
  _now: number,
): Promise<{ readonly verification: Verification; readonly former: string | null }> {
  throw new Error(`The restore of ${backup} is written on the archive branch`)
}
