/** A run as JUnit XML for build servers, one suite per lane. */
import { type Check, scoreOf } from './check.ts'

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** Control characters that XML 1.0 cannot represent. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is meant
const UNWRITABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g

function written(text: string): string {
  return text
    .toWellFormed()
    .replace(UNWRITABLE, '\ufffd')
    .replace(/[&<>"']/g, (one) => NAMED[one]!)
}

const secondsOf = (checks: readonly Check[]) =>
  (checks.reduce((sum, { ms }) => sum + ms, 0) / 1000).toFixed(3)

function caseOf({ lane, transaction, name, fault, ms }: Check): string {
  const head = `    <testcase classname="${written(`${lane}.${transaction}`)}" name="${written(name)}" time="${(ms / 1000).toFixed(3)}"`
  return fault === null
    ? `${head}/>`
    : `${head}>\n      <failure message="${written(fault)}"/>\n    </testcase>`
}

/** Builds the file. */
export function junitOf(checks: readonly Check[]): string {
  const { failed } = scoreOf(checks)
  const suites = [...Map.groupBy(checks, ({ lane }) => lane)].map(([lane, own]) => {
    const { failed: wrong } = scoreOf(own)
    const head = `  <testsuite name="${written(lane)}" tests="${own.length}" failures="${wrong}" time="${secondsOf(own)}">`
    return [head, ...own.map(caseOf), '  </testsuite>'].join('\n')
  })
  const all = `<testsuites name="conformance" tests="${checks.length}" failures="${failed}" time="${secondsOf(checks)}">`
  return ['<?xml version="1.0" encoding="UTF-8"?>', all, ...suites, '</testsuites>', ''].join('\n')
}
