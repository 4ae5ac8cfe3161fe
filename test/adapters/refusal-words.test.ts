/** Every word of the tables that weigh a "no" decides alone: without it, its sentence would be taken otherwise. */
import { describe, expect, it } from 'vitest'
import { NO_TEXT, weigh } from '../../adapters/000000-national/refusals.ts'
import type { Weight } from '../../src/extension/reply.ts'
import { messageOf } from './fixtures.ts'

const MONEY = ['2207', '2208', '2601'].map(messageOf)
const OTHERS = ['2204', '2205', '5203'].map(messageOf)

function weights(messages: typeof MONEY, text: string, reason: string | null = null): Set<Weight> {
  return new Set(messages.map((message) => weigh(message, { verdict: 'no', reason, text })))
}

/** Every combination, one of each list. */
function combined(...lists: (readonly string[])[]): string[] {
  return lists.reduce<string[]>((made, list) => made.flatMap((text) => list.map((more) => text + more)), [''])
}

const words = (text: string) => text.split(' ')
const SYSTEMS = words('系统 服务 服务器 平台 网关 业务')

describe('words of silence', () => {
  const SILENCE = [
    ...combined(['未', '未及时'], words('应答 响应 答复 返回')),
    ...combined(['没有', '无'], words('应答 响应')),
    ...combined(
      SYSTEMS,
      ['', ...words('太 正 较 暂 暂时 当前')],
      words('忙 繁忙 拥堵 维护 升级 暂停 开小差 不可用 不可达'),
    ),
    ...combined(words('通讯 通信'), words('异常 错误 故障 失败 中断')),
    ...combined(words('连接 链接'), words('异常 失败 中断 断开 关闭 重置 被拒 池满 不上 超限')),
    ...words('超时 结果未知 网络不通 无法连接 不能连接 断开连接 限流 熔断 降级 流量控制 流量过大 过载'),
    ...['timeout', 'time out', 'timed out', 'time-out', 'timed_out', 'connect', 'connection', 'refused'],
    ...['reset', 'broken pipe', 'socket', 'unreachable', 'no route', 'unavailable', 'gateway', 'overload'],
    ...['too many requests', 'busy', 'EOF', 'I/O', 'http 502', 'status: 503', '状态504', '状态码：500'],
    ...[
      '请重试',
      '请换号重试',
      '稍等再试',
      '请再办理',
      '请再次提交',
      '请再操作',
      '稍后',
      '重新提交',
      '重新发送',
    ],
    '重新请求',
  ]

  it.each(SILENCE)('“%s” is silence, whatever was asked', (text) => {
    for (const each of [text, text.toUpperCase()]) {
      expect(weights([...MONEY, ...OTHERS], each)).toEqual(new Set(['silence']))
    }
  })

  it.each([
    ...words('超时限 超时效 超时长 超时间 未及时 平台 链接 连接 通讯 流量 preset connected busyness http404'),
    'status 404',
  ])('“%s” is none', (text) => {
    expect(weights(MONEY, text)).toEqual(new Set(['doubt']))
    expect(weights(OTHERS, text)).toEqual(new Set(['final']))
  })
})

describe('words of a fault', () => {
  const SUBJECTS =
    '系统 服务 服务器 接口 请求 调用 转发 程序 事务 数据 数据库 内部 未知 处理 执行 操作 运行 后台 平台'
  const FAULTS = [
    ...combined(words(SUBJECTS), ['', ...words('发生 出现 内部')], words('异常 错误 出错 故障 失败 回滚')),
    ...words('死锁 线程 内存溢出 internal exception deadlock ORA-00060 SQL'),
    'server error',
  ]

  it.each(FAULTS)('“%s” proves nothing, whatever was asked', (text) => {
    for (const each of [text, text.toUpperCase()])
      expect(weights([...MONEY, ...OTHERS], each)).toEqual(new Set(['doubt']))
    // Beside a business "no" too.
    expect(weights(MONEY, `${text}，人员编号有误`)).toEqual(new Set(['doubt']))
  })
})

describe('words beside a business "no"', () => {
  const ALREADY = words('存在 结算 收费 登记 入院 撤销 冲正 退费 受理 处理 办理 提交 上传 完成 成功')
  const AFTERWARDS = '返回 响应 应答 回执 出参 结果 处理中 办理中 结算中 进行中 正在 稍候 稍等 对账 两地'
  const STATES = combined(words('交易 结算 业务'), ['状态'])

  it.each([...combined(['已', '已经'], ALREADY), '重复', ...words(AFTERWARDS), ...STATES])(
    '“%s” keeps it from being final where money moves',
    (text) => {
      expect(weights(MONEY, `${text}，人员编号有误`)).toEqual(new Set(['doubt']))
      expect(weights(OTHERS, `${text}，人员编号有误`)).toEqual(new Set(['final']))
    },
  )

  it.each([...combined(words('处理 办理 结算 进行'), words('中断 中止 中心 中途')), '状态'])(
    '“%s” does not',
    (text) => {
      expect(weights(MONEY, `${text}，人员编号有误`)).toEqual(new Set(['final']))
    },
  )
})

describe('words of a business "no"', () => {
  const BUSINESS = [
    ...words('不能为空 不可为空 不允许为空 必填 备案 参保状态 欠费 等待期 封锁 冻结'),
    ...combined(words('未 停 断 暂停 中断 终止'), ['', '缴', '参'], ['保']),
    ...combined(words('无 没有 不享受 暂停 停止'), ['', '住院'], ['待遇']),
    ...combined(['待遇'], ['', '已'], words('暂停 停止 未开始')),
    ...words('未查到 未找到 未检索到 未查询到 查无 不存在 没有找到 没有查到 没有已上传 无此'),
    ...combined(['未'], words('开通 签约 认定 登记 对码 对照 匹配 入院 出院 办理 通过 挂号')),
    ...combined(
      ['不', '无法'],
      words('一致 相符 相等 匹配 符合 符 等于 正确 合法 支持 允许 通过 在有效期内'),
    ),
    ...words('无效 有误 格式 余额不足 密码错误'),
    ...combined(['超过', '超过规定'], words('限额 上限 天 日 期限 长度 次数')),
  ]

  it.each(BUSINESS)('“%s” is final where money moves', (text) => {
    expect(weights(MONEY, text)).toEqual(new Set(['final']))
    // A reason that is not known says more, but not what.
    expect(weights(MONEY, text, 'E999')).toEqual(new Set(['doubt']))
  })

  it.each(words('未保存 未保留 未保持 待遇 没有 超过 失败 999'))('“%s” is not', (text) => {
    expect(weights(MONEY, text)).toEqual(new Set(['doubt']))
  })
})

describe('reasons', () => {
  const FINAL =
    'E000 E101 E102 E103 E201 E202 E203 E204 E301 E302 E401 E501 E502 E503 E504 E505 E601 E602 E603 E705 E801 E901'

  it.each(words(FINAL))('%s is final beside any words but those of silence', (reason) => {
    for (const text of ['失败', '系统异常', '稍后', '已结算']) {
      expect(weights(MONEY, text, reason)).toEqual(new Set(['final']))
    }
    expect(weights(MONEY, '超时', reason)).toEqual(new Set(['silence']))
  })

  it.each(words('E001 E104 E205 E303 E402 E506 E604 E701 E702 E703 E704 E706 E802 E902'))(
    '%s is not: it is not known to come before the booking',
    (reason) => {
      expect(weights(MONEY, '失败', reason)).toEqual(new Set(['doubt']))
    },
  )
})

describe('no words', () => {
  it('prove nothing where money moves or a visit is written, and are final of a question', () => {
    expect(weights([...MONEY, messageOf('2204')], NO_TEXT)).toEqual(new Set(['doubt']))
    expect(weights([messageOf('5203'), messageOf('1101')], NO_TEXT)).toEqual(new Set(['final']))
  })

  it('of a trace say nothing', () => {
    for (const trace of ['(timeout@host)', '（reset@host） ', '(a@gateway)'])
      expect(weights(MONEY, `医保目录编码不存在${trace}`)).toEqual(new Set(['final']))
    for (const text of ['不存在(timeout)', '(timeout@host)不存在'])
      expect(weights(MONEY, text)).toEqual(new Set(['silence']))
  })
})
