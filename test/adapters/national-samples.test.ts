/** Samples that someone else wrote from the field facts are read as they are meant, or refused by name. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { settlementFault } from '../../src/domain/settlement.ts'
import { bytes, type Row, take } from './fixtures.ts'

interface Sample {
  readonly id: string
  readonly infno: string
  readonly outcome: string
  readonly request: Row & { readonly input: Row }
  readonly response: Row | null
}

const FILE = join(import.meta.dirname, '..', '..', '..', 'shared', 'facts', 'samples.json')

/** Not of this dialect: a card number left empty, and Guangdong's node `mdtrtinfo` in place of `data`. */
const REFUSED: Readonly<Record<string, string>> = { S16: 'data.mdtrt_cert_no', S34: 'data' }

const samples: readonly Sample[] = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')).samples : []
const offered = samples.filter(({ infno }) => infno in national.operations)
const ours = offered.filter(({ id }) => !(id in REFUSED))
const person = ({ input }: Sample['request']) => JSON.stringify(input).match(/"psn_no":"(\d+)"/)?.[1]

describe.skipIf(samples.length === 0)(
  'the samples of the facts (skipped where ../shared/facts is absent)',
  () => {
    it('are thirty-four, all of transactions that the dialect offers', () => {
      expect([samples.length, offered.length]).toEqual([34, 34])
    })

    it.each(ours)('$id $infno: the request opens and reads', ({ infno, request }) => {
      const message = take(request)
      expect(message).toMatchObject({
        id: request.msgid,
        institution: request.fixmedins_code,
        treatmentArea: request.mdtrtarea_admvs,
        insuredArea: request.insuplc_admdvs,
        operation: { transaction: infno },
      })
      expect(message.subject.person).toBe(person(request))
      expect(JSON.parse(national.encode(message).toString())).toEqual(request)
    })

    it.each(ours.filter(({ response }) => response))(
      '$id $infno: the answer is read: $outcome',
      ({ request, response, outcome }) => {
        const reply = national.decode(take(request), bytes(response))
        expect(reply.verdict).toBe(outcome === 'success' ? 'yes' : 'no')
        if (reply.verdict !== 'yes') return
        const { kind } = take(request).operation
        expect(reply.settlement !== null).toBe(['trial', 'settlement', 'cancellation'].includes(kind))
        if (reply.settlement) expect(settlementFault(reply.settlement)).toBeNull()
      },
    )

    it.each(offered.filter(({ id }) => id in REFUSED))(
      '$id $infno: the request is refused by name',
      ({ id, request }) => {
        expect(() => take(request)).toThrow(
          expect.objectContaining({
            code: 'invalid-field',
            extra: { fields: [expect.objectContaining({ field: REFUSED[id] })] },
          }),
        )
      },
    )

    it('S34 2207: an answer with another dialect’s amounts is no answer', () => {
      const message = take(samples.find(({ id }) => id === 'S10')!.request)
      expect(() => national.decode(message, bytes(samples.find(({ id }) => id === 'S34')!.response))).toThrow(
        RangeError,
      )
    })

    it('S11 5203: shows the settlement of S10, and not that of S08', () => {
      const [lost, asked] = ['S10', 'S11'].map((id) => samples.find((sample) => sample.id === id)!)
      const settled = take(lost!.request)
      const output = asked!.response!.output
      const shown = settled.operation.evidence!.questions![0]!.found!(settled, output)
      const given = national.decode(settled, bytes(lost!.response))
      expect(settled.operation.settlement!(shown)).toEqual(given.verdict === 'yes' && given.settlement)
      const other = take(samples.find(({ id }) => id === 'S08')!.request)
      expect(other.operation.evidence!.questions![0]!.found!(other, output)).toBeNull()
    })
  },
)
