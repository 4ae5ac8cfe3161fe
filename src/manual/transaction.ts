/** One transaction of the field manual. */
import type { Catalogue } from '../extension/catalogue.ts'
import type {
  CatalogueField,
  CatalogueHead,
  CatalogueNode,
  MarkRule,
  PlaceRow,
  ResultForm,
} from '../extension/catalogue-rows.ts'
import type { LostAnswer } from './lost-answer.ts'
import { anchorOf } from './pages.ts'
import { tableOf } from './table.ts'

/** @param does its kind for people @param lost how its outcome is found */
export function transactionText(
  catalogue: Catalogue,
  head: CatalogueHead,
  does: string,
  lost: LostAnswer,
): string {
  const { number, zh, en } = head
  const { input, output, places = [] } = catalogue.entry(number)
  return [
    `<a id="${anchorOf(number)}"></a>`,
    `## ${number} ${zh} ${en}`,
    factsOf(head, { does, rest: catalogue.rest().addresses[number], lost }).join('  \n'),
    ...sideOf('输入 Input', input),
    ...sideOf('输出 Output', output),
    ...places.map(placeText),
  ].join('\n\n')
}

interface Told {
  readonly does: string
  /** Its address over REST; absent of what a platform sends. */
  readonly rest: string | undefined
  readonly lost: LostAnswer
}

function factsOf(head: CatalogueHead, { does, rest, lost }: Told): string[] {
  const { undo, undoes, path, edition, grade, sources, asks, withdrawn, results = [], from } = head
  const line = (title: string, text: string | undefined) => (text ? [`${title}：${text}`] : [])
  return [
    ...line('作用 Does', from ? `${does}（平台发起 from the platform）` : does),
    ...line('地址 Address', path && `\`${path}\``),
    ...line('REST', rest && `\`POST ${rest}\``),
    ...line('撤销 Undone by', undo),
    ...line('可冲正 Undoes', undoes?.join(' ')),
    ...line('应答丢失 Lost answer', lostAnswer(head, lost)),
    ...line('必填依据 Required by the text of', asks?.join(' ')),
    ...line('停用 Given up in', withdrawn?.join(' ')),
    ...results.flatMap((form) => line('业务结果 Second level', resultText(form))),
    ...line('版本 Edition', `${edition} [${grade}] ${sources.join('; ')}`),
  ]
}

const ASKING: readonly string[] = ['query', 'trial', 'session']

function lostAnswer({ kind, from }: CatalogueHead, { again, asks, rows, undone }: LostAnswer): string {
  if (from) return '由平台重发 the platform sends it again'
  if (ASKING.includes(kind)) return '可再次查询 ask again'
  if (again) return '网关以同一报文重发 the gateway sends it again'
  const numbers = asks.join('、')
  const asked = rows
    ? `网关逐行查询${numbers} the gateway asks ${asks.join(', ')} of each row`
    : `网关查询${numbers} the gateway asks ${asks.join(', ')}`
  const said = [
    asks.length > 0 && asked,
    undone && `${asks.length > 0 ? '仍无结果时用' : '网关用'}${undone}撤回 takes it back by ${undone}`,
    !undone &&
      (asks.length > 0
        ? '查不到的由人工核对 what that does not show is a person’s'
        : '结果未知，由人工核对 unknown, a person’s'),
  ]
  return said.filter((one) => one).join('；')
}

function resultText({ at, rows, field, no, half, text, listed, places }: ResultForm): string {
  const where = rows ? `${rows}[].${field}` : `${at}.${field}`
  const says = [
    `${where}=${no.join('/')} 为拒绝 refuses ${rows ? '该行 the row' : '整笔 the message'}`,
    half && `${half.join('/')} 为部分成功、结果未知 half done, unknown`,
    listed && '仅列出被拒绝的行 only refused rows are listed',
    text && `原因 reason ${text}`,
    places && `省 province ${places.join(' ')}`,
  ]
  return says.filter((one) => one).join('；')
}

const HEADS = ['字段 Field', '名称', '类型 Type', '长度 Width', '必填 Required', '取值 Values']

function sideOf(title: string, nodes: readonly CatalogueNode[]): string[] {
  if (nodes.length === 0) return []
  return [`### ${title}`, ...nodes.flatMap((node) => nodeText(node))]
}

function nodeText({ at, zh, many, one, must, any, fields }: CatalogueNode): string[] {
  const said = [
    at === '' ? '（直接位于该层 directly there）' : `\`${at}\``,
    zh,
    many && (one ? '多行，可为单个对象 rows, or one object' : '多行 rows'),
    must && '必有 required',
    any && any.length > 0 && `至少一项 at least one of ${any.join(' ')}`,
  ]
  const table = tableOf(HEADS, fields.map(fieldRow))
  return [said.filter((one) => one).join(' · '), ...(table ? [table] : [])]
}

const TYPES = {
  text: '文本',
  decimal: '小数',
  whole: '整数',
  day: '日期',
  time: '时间',
  flag: '真假',
  rows: '列表',
} as const

function markText({ mark, zh, values, when }: MarkRule): string {
  const told = Object.entries(when).map(([name, value]) => `${name}=${value}`)
  return `（${told.join('且')}时${zh}${mark}须为${values.join('或')}）`
}

function fieldRow(field: CatalogueField): string[] {
  const { name, zh, type = 'text', width, places, set, must, may, when, spelt, holds, marks = [] } = field
  const asked = when
    ? Object.entries(when).map(([by, value]) => `${by}=${value}时`)
    : [must ? '是' : may ? '视条件' : '']
  return [
    `\`${spelt ?? name}\``,
    zh,
    TYPES[type],
    width === undefined ? '' : places === undefined ? String(width) : `${width},${places}`,
    asked.join(' '),
    set
      ? `[${set}](value-sets.md#${set.toLowerCase()})`
      : [...(holds ?? []), ...marks.map(markText)].join(' '),
  ]
}

/** What the text of a province says otherwise. */
function placeText({ place, edition, source, input = [], output = [] }: PlaceRow): string {
  const rows = [
    ...input.map((node) => ['输入', node] as const),
    ...output.map((node) => ['输出', node] as const),
  ]
  const changes = rows.flatMap(([side, { at, fields }]) =>
    fields.map(({ zh = '', must, ...field }) => {
      const [name, , type, width, , set] = fieldRow({ ...field, zh })
      const asked = must === undefined ? '' : must ? '是' : '否'
      return [name!, `${side} ${at}`, zh, zh === '' ? '' : type!, width!, asked, set!]
    }),
  )
  const heads = ['字段 Field', '位置 Where', ...HEADS.slice(1)]
  return `### 省 Province ${place} ${edition} [F: ${source}]\n\n${tableOf(heads, changes)}`
}
