/** Words of the report: Chinese first, English beside it. */

/** A text in both languages. */
export interface Text {
  readonly zh: string
  readonly en: string
}

/** Names of provinces by their first two digits. */
const PROVINCES: Readonly<Record<string, string>> = {
  11: '北京',
  12: '天津',
  13: '河北',
  14: '山西',
  15: '内蒙古',
  21: '辽宁',
  22: '吉林',
  23: '黑龙江',
  31: '上海',
  32: '江苏',
  33: '浙江',
  34: '安徽',
  35: '福建',
  36: '江西',
  37: '山东',
  41: '河南',
  42: '湖北',
  43: '湖南',
  44: '广东',
  45: '广西',
  46: '海南',
  50: '重庆',
  51: '四川',
  52: '贵州',
  53: '云南',
  54: '西藏',
  61: '陕西',
  62: '甘肃',
  63: '青海',
  64: '宁夏',
  65: '新疆',
  66: '兵团',
}

const GROUPS: Readonly<Record<string, string>> = { all: '全部 all', others: '其他各省 others' }

/** A destination or a group of them as a person reads it: `national/440000` is Guangdong as insured place, asked over the national platform. */
export function destinationName(id: string): string {
  const group = GROUPS[id]
  if (group) return group
  const area = id.replace('national/', '')
  const province = PROVINCES[area.slice(0, 2)] ?? ''
  if (id.endsWith('+')) return `${id.slice(0, -1)} ${province} · 两路合计 both ways`
  return id.startsWith('national/') ? `${area} ${province} · 经国家平台` : `${area} ${province} · 省内`
}

/** Transactions that the kit sends. */
export const TRANSACTIONS: Readonly<Record<string, string>> = {
  1101: '人员信息',
  2201: '门诊挂号',
  2203: '就诊信息',
  2204: '门诊明细',
  2206: '门诊预结算',
  2207: '门诊结算',
  2208: '门诊结算撤销',
  2301: '住院明细',
  2303: '住院预结算',
  2304: '住院结算',
  2305: '住院结算撤销',
  2401: '入院',
  2402: '出院',
  5201: '就诊查询',
  5203: '结算查询',
}

/** Parts of a run. */
export const PHASES: Readonly<Record<string, Text>> = {
  before: { zh: '停止应答之前', en: 'before' },
  dark: { zh: '停止应答期间', en: 'dark' },
  after: { zh: '恢复之后', en: 'after' },
  first: { zh: '开头十分之一', en: 'first tenth' },
  between: { zh: '中间', en: 'between' },
  last: { zh: '末尾十分之一', en: 'last tenth' },
}

/** What became of a message. */
export const OUTCOME_WORDS: Readonly<Record<string, Text>> = {
  yes: { zh: '成功', en: 'yes' },
  refused: { zh: '拒绝', en: 'refused' },
  unsent: { zh: '未发出', en: 'unsent' },
  unclear: { zh: '结果未定', en: 'unclear' },
  unanswered: { zh: '查询无应答', en: 'unanswered' },
  unknown: { zh: '结果未知', en: 'unknown' },
}

/** Who spends time on a message. */
export const SPENDER_WORDS: Readonly<Record<string, Text>> = {
  own: { zh: '网关自身', en: 'own' },
  queue: { zh: '排队', en: 'queue' },
  commit: { zh: '交易日志', en: 'commit' },
  counterpart: { zh: '对方平台', en: 'counterpart' },
  rest: { zh: '其余', en: 'rest' },
}

/** The verdicts. */
export const VERDICTS: Readonly<Record<string, { readonly word: Text; readonly sentence: Text }>> = {
  valid: {
    word: { zh: '有效', en: 'valid' },
    sentence: {
      zh: '网关的账与各平台的账逐笔、逐分一致，没有丢失，没有重复。',
      en: 'The gateway’s tally and the platforms’ books agree to the fen: nothing lost, nothing doubled.',
    },
  },
  void: {
    word: { zh: '作废', en: 'VOID' },
    sentence: {
      zh: '账目不能闭合，以下数字无效。',
      en: 'The sums do not close; the figures below mean nothing.',
    },
  },
  unproven: {
    word: { zh: '未与平台核对', en: 'unproven' },
    sentence: {
      zh: '网关自己的账闭合；平台不提供账页，没有与平台核对。',
      en: 'The gateway’s own sums close; the platforms show no book to compare them with.',
    },
  },
}

/** What such a run cannot say. */
export const NOT_MEASURED: readonly Text[] = [
  {
    zh: '真实省份、医院到网关的网络：压测程序直接连网关，参保人全为虚构。',
    en: 'Real provinces, and the network of a hospital: the kit sits at the gateway, and all people are invented.',
  },
  {
    zh: '各自的处理器：压测程序、网关与模拟平台若在同一台机器，会互相占用。',
    en: 'Processors of their own: where kit, gateway and simulator share a machine they take from each other.',
  },
  {
    zh: '窗口的重发：每条报文只发一次，没有明确答复的就诊到此为止，由网关自行查清。',
    en: 'Repeats at the counter: every message is sent once; a visit without a clear answer ends, and recovery finds the rest.',
  },
  {
    zh: '真实的停顿：除结算前的一次停顿外，一次就诊的下一条报文在上一条答复后立即发出。',
    en: 'Pauses as they are: but for one before the settlement, the next message leaves when the one before is answered.',
  },
  {
    zh: '“其余”包括压测程序自身、排队等连接和到网关的网络。',
    en: '“Rest” holds the kit itself, waits for a socket, and the network to the gateway.',
  },
]
