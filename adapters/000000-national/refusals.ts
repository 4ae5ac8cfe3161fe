/**
 * What a platform's "no" proves, as data. `infcode` −1 is the general failure and the reason is free text that differs by
 * province [F: messages sections 1 and 10]: business and system faults come under the same code. So what moves money is
 * refused for good only by a "no" of these tables; anything else is looked for first.
 */
import type { Message, OperationKind } from '../../src/extension/dialect.ts'
import type { Reply, Weight } from '../../src/extension/reply.ts'

/**
 * Failure reasons that end a message: they are found before anything is booked. Source: docs/facts/cross-region.md, Failure reasons [A];
 * `E000` is how the simulated platforms write a "no" without a reason. [A] Absent: E701 to E704, which say that somebody
 * did not answer.
 */
const REASONS: ReadonlySet<string> = new Set([
  ...['E000', 'E101', 'E102', 'E103', 'E201', 'E202', 'E203', 'E204', 'E301', 'E302', 'E401'],
  ...['E501', 'E502', 'E503', 'E504', 'E505', 'E601', 'E602', 'E603', 'E705', 'E801', 'E901'],
])

/**
 * Words of a time-out or of too much load: whoever writes them cannot know what the party behind has done. No text of the
 * interface names them [A]; they are the common sentences of gateways, proxies and Java services. [K]
 */
const SILENCE: readonly RegExp[] = [
  /超时(?!限|效|长|间)|未(?:及时)?(?:应答|响应|答复|返回)|(?:没有|无)(?:应答|响应)|结果未知/,
  /(?:系统|服务器?|平台|网关|业务)(?:太|正|较|暂时?|当前)?(?:忙|繁忙|拥堵|维护|升级|暂停|开小差|不可用|不可达)/,
  /网络|通[讯信](?:异常|错误|故障|失败|中断)|(?:连接|链接)(?:异常|失败|中断|断开|关闭|重置|被|池|不上|超)|(?:无法|不能)连接|断开连接/,
  /限流|熔断|降级|流量(?:控制|过大)|过载/,
  /timed?[\s_-]?out|connect(?:ion|\b)|refused|\breset|broken pipe|socket|unreachable|no route/i,
  /unavailable|gateway|too many requests|overload|\bbusy\b|\bEOF\b|\bI\/O\b|(?:http|status|状态码?)\D{0,3}5\d\d/i,
]

/** Words of a fault inside a system: it may have come before the booking or after it. [K] */
const FAULT =
  /(?:系统|服务器?|接口|请求|调用|转发|程序|事务|数据库?|内部|未知|处理|执行|操作|运行|后台|平台)(?:发生|出现)?(?:异常|错误|出错|故障|失败|回滚)|死锁|线程|内存溢出|internal|server error|exception|deadlock|\bORA-\d+|\bSQL/i

/** Words that ask to come again. A known failure reason or a business "no" beside them says more. [A] */
const AGAIN = /(?:请|稍)[^，。；]{0,4}(?:重试|再试|再次?(?:办理|提交|操作))|稍后|重新(?:提交|发送|请求)/

/**
 * Words that say that it stands already. It may be this very message that stands: a proxy or the platform itself may have
 * passed it on twice [F: discovery, clients and proxies H1, H8]. One look tells. Not 没有已上传的明细. [A]
 */
const ALREADY =
  /(?<!没有)已(?:经)?(?:存在|结算|收费|登记|入院|撤销|冲正|退费|受理|处理|办理|提交|上传|完成|成功)|重复/

/**
 * Words of what came back, or of what is still being done: a system in between complains of the answer of the one behind it
 * (返回报文格式错误, 参保地返回结果不能为空), which may have booked by then; so has one whose books differ. The same words
 * about what was sent (有误, 格式, 不能为空) would be a business "no". [A]
 */
const AFTERWARDS =
  /返回|响应|应答|回执|出参|结果|(?:处理|办理|结算|进行)中(?!断|止|心|途)|正在|稍[后候等]|对账|两地|(?:交易|结算|业务)状态/

/** A "no" in words: sentences that only a check of what was sent makes. */
const BUSINESS: readonly { readonly words: RegExp; readonly source: string }[] = [
  { words: /不能为空|不可为空|必填/, source: '[F] Fujian, 3103: 就诊凭证编号不能为空' },
  {
    words: /备案/,
    source:
      '[F] samples: 参保人未办理异地就医备案; docs/facts/cross-region.md, Failure reasons, E101 to E103 [A]',
  },
  {
    words:
      /(?:未|停|断|终止)(?:缴|参)?保(?!存|留|持)|参保状态|欠费|等待期|封锁|冻结|(?:无|没有|不享受|暂停|停止)[^，。；]{0,8}待遇|待遇[^，。；]{0,6}(?:暂停|停止|未开始)/,
    source:
      'docs/facts/cross-region.md, Failure reasons, E201, E204 [A]; 2001 answers suspended and waiting period [F]',
  },
  {
    words: /未(?:查|找|检索)[^，。；]{0,4}到|查无|不存在|没有(?:找到|查到|已上传)|无此/,
    source: 'simulated platforms [A]',
  },
  {
    words: /未(?:开通|签约|认定|登记|对码|对照|匹配|入院|出院|办理|通过|挂号)/,
    source: 'docs/facts/cross-region.md, Failure reasons, E301, E501, E601 [A]',
  },
  {
    words:
      /(?:不|无法)(?:一致|相符|相等|匹配|符|等于|正确|合法|支持|允许|通过|在[^，。；]{0,16}内)|无效|有误|格式/,
    source: 'docs/facts/cross-region.md, Failure reasons, E203, E502, E503 [A]',
  },
  { words: /余额不足|密码错误|超过[^，。；]{0,12}(?:限额|上限|天|日|期限|长度|次数)/, source: '[A]' },
]

/** A refusal, as far as it is weighed. */
type No = Extract<Reply, { verdict: 'no' }>

/** Operations that move money; a `write` only concerns a visit, and its own undoing might do harm. */
const MONEY: ReadonlySet<OperationKind> = new Set(['settlement', 'cancellation', 'reversal'])

/** What a "no" without a text is told as. */
export const NO_TEXT = '平台未说明原因'

/** A trace id and a host, which platforms put behind their sentence: `(trace0002@host)` [F: messages section 10]. */
const TRACE = /[(（][^()（）]*@[^()（）]*[)）]\s*$/

/**
 * What a "no" proves about a message.
 *
 * @returns `final`; `silence` where it tells of a time-out or of too much load; `doubt` where it tells of a fault inside a
 *   system, and where it moves money and nothing says that it is a business "no"
 */
export function weigh({ operation: { kind } }: Message, { reason, text, final }: No): Weight {
  if (final) return 'final'
  const sentence = text.replace(TRACE, '')
  if (SILENCE.some((words) => words.test(sentence))) return 'silence'
  if (reason !== null && REASONS.has(reason)) return 'final'
  if (FAULT.test(sentence)) return 'doubt'
  if (isBusiness(reason, sentence)) return 'final'
  if (AGAIN.test(sentence)) return 'silence'
  if (text === NO_TEXT) return MONEY.has(kind) || kind === 'write' ? 'doubt' : 'final'
  return MONEY.has(kind) ? 'doubt' : 'final'
}

/** A reason that the tables do not have says more than the words beside it, but not what. */
function isBusiness(reason: string | null, sentence: string): boolean {
  if (reason !== null || ALREADY.test(sentence) || AFTERWARDS.test(sentence)) return false
  return BUSINESS.some(({ words }) => words.test(sentence))
}
