/**
 * The text about a transaction in the document: what it does, how it is undone, what a lost answer means, how
 * provinces differ.
 */
import type { Catalogue } from '../../extension/catalogue.ts'
import type { CatalogueHead, PlaceNode } from '../../extension/catalogue-rows.ts'
import { conditionOf } from './transaction-schema.ts'
import { isKeyed } from './transactions.ts'

/** Maximum names in one sentence. */
const NAMES_MAX = 40

function listed(names: readonly string[]): string {
  const more = names.length > NAMES_MAX ? `等${names.length}项` : ''
  return names.slice(0, NAMES_MAX).join('、') + more
}

const placeIn = (at: string, name: string) => (at === '' ? name : `${at}.${name}`)

function undoneBy(catalogue: Catalogue, { undo }: CatalogueHead): string {
  const path = undo && catalogue.rest().addresses[undo]
  return path ? `撤销：${undo}（${path}）` : ''
}

function lostAnswer(head: CatalogueHead): string {
  if (!isKeyed(head)) return '只查询，不需要Idempotency-Key'
  const told = '改变数据，须带Idempotency-Key。返回504时可能已办理：勿换键重发，按应答头Link查询状态'
  if (head.again) return `${told}；重复办理无害，网关会自行重发`
  if (head.found) return `${told}；网关会自行查询结果`
  return told
}

function askedBy(catalogue: Catalogue, { number, asks }: CatalogueHead): string[] {
  return (asks ?? []).flatMap((place) => {
    const fields = catalogue
      .nodes(number, place)
      .input.flatMap(({ at, fields: own }) =>
        own
          .filter(({ must, when }) => must || when)
          .map(
            (field) =>
              placeIn(at, field.spelt ?? field.name) + (field.when ? `（${conditionOf(field)}）` : ''),
          ),
      )
    return fields.length > 0 ? [`${catalogue.placeName(place)}必填：${listed(fields)}`] : []
  })
}

function changesOf(nodes: readonly PlaceNode[] = []): string[] {
  return nodes.flatMap(({ at, fields }) =>
    fields.map(({ name, spelt, must, width, set }) => {
      const told = [
        spelt && `写作${spelt}`,
        must !== undefined && (must ? '必填' : '可空'),
        width !== undefined && `长度${width}`,
        set && `取值${set}`,
      ]
      const how = told.filter((one) => one).join('，')
      return placeIn(at, name) + (how && `（${how}）`)
    }),
  )
}

function otherwise(catalogue: Catalogue, { number }: CatalogueHead): string[] {
  return (catalogue.entry(number).places ?? []).flatMap(({ place, edition, input, output }) => {
    const sides = [
      ['输入', changesOf(input)],
      ['输出', changesOf(output)],
    ] as const
    return sides
      .filter(([, changes]) => changes.length > 0)
      .map(([side, changes]) => `${catalogue.placeName(place)}（${edition}）${side}另有：${listed(changes)}`)
  })
}

/** The description of its operation. */
export function restTransactionText(catalogue: Catalogue, head: CatalogueHead): string {
  const { results, withdrawn } = head
  return [
    lostAnswer(head),
    undoneBy(catalogue, head),
    results?.some(({ rows }) => rows) ? '平台可只受理清单的一部分：未受理的行见refusedRows' : '',
    withdrawn ? `已停用：${withdrawn.map(catalogue.placeName).join('、')}` : '',
    ...askedBy(catalogue, head),
    ...otherwise(catalogue, head),
  ]
    .filter((one) => one !== '')
    .join('\n\n')
}
