/** All mappings of a code on a day, forward and reverse, for people and programs that choose themselves. */
import { trimmed } from '../domain/blank.ts'
import type { Day } from '../domain/day.ts'
import { covers, type LocalCodes } from './local.ts'
import type { National } from './national.ts'
import type { NotFound, Reversed, Target, Translation, UnusableTarget } from './outcome.ts'
import { NATIONAL, waysOf } from './resolve.ts'
import type { MapTarget } from './store/rows.ts'
import { badTargetText, lookupText, noEditionText, noTargetText, notMappedText } from './texts.ts'

/** Builds both queries over the tables and maps of one set of editions. */
export function createTranslation(national: National, local: LocalCodes) {
  function ofNational(standard: string, code: string, day: Day): Translation {
    const answer = national.lookup(standard, code, day)
    if (!answer.found) {
      const text = lookupText(national.titleOf(standard, code), code, answer)
      return { code, targets: [], reason: answer.reason, text }
    }
    const { name } = answer.entry
    const { edition } = answer
    const whole = { relation: 'equivalent', together: false, group: 1, priority: 1 } as const
    return { code, name, targets: [{ code: answer.code, name, ...whole, edition }] }
  }

  function unusable({ code, relation }: MapTarget, answer: NotFound): UnusableTarget {
    const { reason, since, entry } = answer
    return {
      code,
      relation,
      reason,
      ...(entry && { name: entry.name }),
      ...(since && { since }),
      ...(entry?.replacedBy && { replacedBy: entry.replacedBy }),
    }
  }

  /**
   * All targets of a local code on a day. Unusable ones are listed separately, with the reason.
   *
   * @param given the code; surrounding blanks are ignored, as in an imported map
   */
  function translate(system: string, standard: string, given: string, day: Day): Translation {
    const code = trimmed(given)
    const standards = national.standardsOf(standard)
    if (standards.length === 0) return { code, targets: [], reason: 'unknown-standard' }
    if (system === NATIONAL) return ofNational(standard, code, day)
    if (!local.knows(system, standards)) return { code, targets: [], reason: 'unknown-system' }
    if (!local.covers(system, standards, day)) {
      return { code, targets: [], reason: 'before-first-edition', text: noEditionText(code, day) }
    }
    const { found, ...answer } = local.find(system, standards, code, day)
    if (!found) {
      const idle = 'idle' in answer ? answer.idle : undefined
      const named = idle && { name: idle.name }
      return { code, ...named, targets: [], reason: 'not-mapped', text: notMappedText(code, day, idle) }
    }
    const { row, edition } = found
    const head = { code, name: row.name, map: `${system}@${edition.version}` }
    if (row.noTarget) {
      return { ...head, targets: [], reason: row.noTarget, text: noTargetText(code, row.noTarget) }
    }

    const targets: Target[] = []
    const bad: { target: MapTarget; answer: NotFound }[] = []
    for (const [index, group] of row.groups.entries()) {
      for (const way of waysOf(group, day)) {
        const answers = way.map((target) => ({
          target,
          answer: national.lookup(found.standard, target.code, day),
        }))
        const whole = answers.every((one) => one.answer.found)
        for (const { target, answer: national } of answers) {
          if (!national.found) bad.push({ target, answer: national })
          else if (whole) {
            targets.push({
              code: national.code,
              name: national.entry.name,
              relation: target.relation,
              together: group.together && way.length > 1,
              group: index + 1,
              priority: target.priority ?? 1,
              edition: national.edition,
              ...(target.provenance && { provenance: target.provenance }),
            })
          }
        }
      }
    }
    const apart = bad.length > 0 && { unusable: bad.map((one) => unusable(one.target, one.answer)) }
    if (targets.length > 0) return { ...head, targets, ...apart }
    const [worst] = bad
    if (!worst) return { ...head, targets, reason: 'not-mapped', text: notMappedText(code, day) }
    const title = national.titleOf(found.standard, worst.target.code)
    const text = badTargetText(code, lookupText(title, worst.target.code, worst.answer))
    return { ...head, targets, reason: worst.answer.reason, text, ...apart }
  }

  /** All local codes that map to a national one on a day. */
  function reverse(system: string, standard: string, code: string, day: Day): Reversed {
    const standards = national.standardsOf(standard)
    const none = { code, targets: [], several: false }
    if (standards.length === 0) return { ...none, reason: 'unknown-standard' }
    if (!local.knows(system, standards)) return { ...none, reason: 'unknown-system' }
    if (!local.covers(system, standards, day)) return { ...none, reason: 'before-first-edition' }
    const targets = standards
      .flatMap((id) => local.sources(system, id, code, day))
      .map(({ row, edition }) => {
        const group = row.groups.find(({ targets }) => targets.some((one) => leadsTo(one, code, day)))!
        const target = group.targets.find((one) => leadsTo(one, code, day))!
        return {
          code: row.code,
          name: row.name,
          relation: target.relation,
          together: group.together && group.targets.filter((one) => covers(one, day)).length > 1,
          edition: edition.version,
          ...(target.provenance && { provenance: target.provenance }),
        }
      })
    if (targets.length === 0) return { ...none, reason: 'not-mapped' }
    return { code, targets, several: targets.length > 1 }
  }

  return { translate, reverse }
}

/** Whether a target is the code, or the code with a local price part. */
function leadsTo(target: MapTarget, code: string, day: Day): boolean {
  return (target.code === code || target.code.startsWith(`${code}-`)) && covers(target, day)
}
