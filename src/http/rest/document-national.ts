/** The national door as the document describes it: its addresses, and the envelope that they share. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { Dialect } from '../../extension/dialect.ts'

/** Addresses that public clients call; those that the dialect does not take are left out. */
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
      .openapi({ description: '发送方报文ID，30位', example: 'H34010490001202503120800420001' }),
    mdtrtarea_admvs: z.string().openapi({ description: '就医地医保区划', example: '340104' }),
    insuplc_admdvs: z.string().optional().openapi({ description: '参保地医保区划', example: '621002' }),
    recer_sys_code: z.string().openapi({ description: '接收方系统代码', example: 'MBS_LOCAL' }),
    infver: z.string().openapi({ description: '接口版本号', example: 'V1.0' }),
    opter_type: z.string().openapi({ description: '经办人类别', example: '1' }),
    opter: z.string().openapi({ description: '经办人', example: '0007' }),
    opter_name: z.string().openapi({ description: '经办人姓名', example: '窗口一' }),
    inf_time: z.string().openapi({ description: '交易时间', example: '2025-03-12 08:00:42' }),
    fixmedins_code: z.string().openapi({ description: '定点医药机构编号', example: 'H34010490001' }),
    fixmedins_name: z
      .string()
      .openapi({ description: '定点医药机构名称', example: '合肥市蜀山医学院附属医院' }),
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

function routeAt(path: string, summary: string, names: Readonly<Record<string, string>>): RouteConfig {
  const fields = Object.entries(names).map(([name, description]) => [
    name,
    z.string().openapi({ description }),
  ])
  return createRoute({
    method: 'post',
    path,
    tags: ['国家接口'],
    summary,
    security: [{ apiKey: [] }, { bearer: [] }, {}],
    request: {
      ...(fields.length > 0 ? { params: z.object(Object.fromEntries(fields)) } : {}),
      body: { required: true, content: { 'application/json': { schema: Request } } },
    },
    responses: {
      200: {
        description: '无论成败均为200，以infcode为准',
        content: { 'application/json': { schema: Answer } },
      },
    },
  })
}

/** Every shape of address of the national door. */
export function nationalRoutes(dialect: Dialect): RouteConfig[] {
  const offered = Object.keys(dialect.operations).join('、')
  const titles = Object.values(dialect.operations).map(({ transaction, title }) => `${transaction} ${title}`)
  const [example] = Object.values(dialect.operations).flatMap(({ path }) => path ?? [])
  const single = SINGLE.filter((path) => dialect.accepts(path)).map((path) =>
    routeAt(path, `单一地址：交易由报文infno指明（${titles.length}种）`, {}),
  )
  return [
    ...single,
    routeAt(NUMBERED, '地址带交易编号', { account: '接入账号', infno: `交易编号：${offered}` }),
    routeAt(SERVICE, '一交易一地址', { service: '服务名', method: `方法名，例 ${example ?? ''}` }),
  ]
}
