/** The national endpoint in the OpenAPI document: its addresses and their common envelope. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { Dialect } from '../../extension/dialect.ts'
import { GROUPS } from '../document-groups.ts'

/** Addresses that public clients use; those that the dialect does not accept are omitted. */
const SINGLE = [
  '/mbs/fmi/fsi/api/callFsiService/callService',
  '/fsi/api/rsfComIfsService/callService',
  '/uif-hsaf-med-api/api/medical/service',
  '/hss-call-service-interface',
]
const NUMBERED = '/ebus/{account}/poc-hsa-hgs-{infno}'
const SERVICE = '/fsi/api/{service}/{method}'

const Request = z
  .looseObject({
    infno: z.string().openapi({ description: '交易编号', example: '1101' }),
    msgid: z
      .string()
      .openapi({ description: '发送方报文ID，30位', example: 'H62100290001202503120800420001' }),
    mdtrtarea_admvs: z.string().openapi({ description: '就医地医保区划', example: '621002' }),
    insuplc_admdvs: z.string().optional().openapi({ description: '参保地医保区划', example: '440100' }),
    recer_sys_code: z.string().openapi({ description: '接收方系统代码', example: 'MBS_LOCAL' }),
    infver: z.string().openapi({ description: '接口版本号', example: 'V1.0' }),
    opter_type: z.string().openapi({ description: '经办人类别', example: '1' }),
    opter: z.string().openapi({ description: '经办人', example: '0007' }),
    opter_name: z.string().openapi({ description: '经办人姓名', example: '窗口一' }),
    inf_time: z.string().openapi({ description: '交易时间', example: '2025-03-12 08:00:42' }),
    fixmedins_code: z.string().openapi({ description: '定点医药机构编号', example: 'H62100290001' }),
    fixmedins_name: z.string().openapi({ description: '定点医药机构名称', example: '庆阳市第一综合医院' }),
    sign_no: z.string().optional().openapi({ description: '交易签到流水号' }),
    input: z.record(z.string(), z.unknown()).openapi({ description: '交易输入，节点按交易编号' }),
  })
  .openapi('NationalRequest')

const Answer = z
  .looseObject({
    infcode: z.int().openapi({ description: '0成功；其他为失败，原因见err_msg' }),
    inf_refmsgid: z.string().openapi({ description: '接收方报文ID' }),
    refmsg_time: z.string(),
    respond_time: z.string(),
    err_msg: z.string().nullable().openapi({ description: '失败原因' }),
    warn_msg: z.string().nullish(),
    output: z.unknown().openapi({ description: '交易输出；失败为空' }),
  })
  .openapi('NationalAnswer')

/** The person query for the person of the other examples. */
const EXAMPLE = {
  infno: '1101',
  msgid: 'H62100290001202503120800420001',
  mdtrtarea_admvs: '621002',
  insuplc_admdvs: '440100',
  recer_sys_code: 'MBS_LOCAL',
  infver: 'V1.0',
  opter_type: '1',
  opter: '0007',
  opter_name: '窗口一',
  inf_time: '2025-03-12 08:00:42',
  fixmedins_code: 'H62100290001',
  fixmedins_name: '庆阳市第一综合医院',
  sign_no: '',
  input: { data: { mdtrt_cert_type: '01', mdtrt_cert_no: '99000000ECTOKEN00000000044000001' } },
}

/** A path parameter: description and example. */
type Named = readonly [description: string, example: string]

function routeAt(path: string, summary: string, names: Readonly<Record<string, Named>>): RouteConfig {
  const fields = Object.entries(names).map(([name, [description, example]]) => [
    name,
    z.string().openapi({ description, example }),
  ])
  return createRoute({
    method: 'post',
    path,
    tags: [GROUPS.national],
    summary,
    security: [{ apiKey: [] }, { bearer: [] }, {}],
    request: {
      ...(fields.length > 0 ? { params: z.object(Object.fromEntries(fields)) } : {}),
      body: {
        required: true,
        content: {
          'application/json': {
            schema: Request,
            examples: { '1101': { summary: '1101 人员基本信息获取', value: EXAMPLE } },
          },
        },
      },
    },
    responses: {
      200: {
        description: '无论成败均为200，以infcode为准',
        content: { 'application/json': { schema: Answer } },
      },
    },
  })
}

/** All forms of addresses of the national endpoint. */
export function nationalRoutes(dialect: Dialect): RouteConfig[] {
  const offered = Object.keys(dialect.operations).join('、')
  const titles = Object.values(dialect.operations).map(({ transaction, title }) => `${transaction} ${title}`)
  const [service = '', method = ''] = (dialect.operations[EXAMPLE.infno]?.path ?? '').split('/')
  const single = SINGLE.filter((path) => dialect.accepts(path)).map((path) =>
    routeAt(path, `单一地址/${path.split('/')[1]}：${titles.length}种交易，由报文infno指明`, {}),
  )
  return [
    ...single,
    routeAt(NUMBERED, '地址带交易编号', {
      account: ['接入账号', 'zhijie'],
      infno: [`交易编号：${offered}`, EXAMPLE.infno],
    }),
    routeAt(SERVICE, '一交易一地址', { service: ['服务名', service], method: ['方法名', method] }),
  ]
}
