/** The OpenAPI 3.1 document, generated from the schemas that validate the requests. */
import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi'
import type { Day, Instant } from '../../domain/day.ts'
import type { Dialect } from '../../extension/dialect.ts'
import { codesDescribed } from '../codes/routes.ts'
import { codesChangesRoutes } from '../codes-changes.ts'
import { TAGS } from '../document-groups.ts'
import { fhirDescribed } from '../fhir/document.ts'
import { mappingQualityRoutes } from '../mapping-quality.ts'
import { reportRoutes } from '../reports.ts'
import { nationalRoutes } from './document-national.ts'
import { withTransactions } from './document-numbers.ts'
import { operationsDescribed } from './document-operations.ts'
import { withRoles } from './document-roles.ts'
import { describeTransactions } from './document-transactions.ts'
import { registerProblems } from './problem-responses.ts'

const DESCRIPTION = `异地就医直接结算网关。三种接入方式，处理流程相同：

- **医院 REST**（/v1）：英文字段，金额为整数分，时间为北京时间；改变数据的请求须带 Idempotency-Key，键与内容相同时返回首次结果，逐字节相同。
- **REST：各项业务**（/v1）：其余交易各有一个地址，字段用国家接口的名称，头部、键与错误同上。
- **国家接口**：定点医药机构接口规范的报文，地址与各地一致，HTTP 状态恒为 200，以 infcode 为准。

医院 REST 的错误一律为 application/problem+json；retry 说明能否重发。504 表示结果未知：可能已办理，勿重复收费，请查询状态。

**试用**：每个接口都已填好示例，以 npm start 自带的模拟平台可直接办成（提交对照表除外，须有调用方名单），人员与机构均为虚构。自上而下按“试用”即为一次门诊；就诊ID、结算ID由本页从先前的应答填入，
Idempotency-Key 随请求内容生成，按两次得到同一结果。接入真实平台时，示例人员会被拒绝。

Plain REST for hospital systems beside the national wire. Money is integer fen; days and times are Shanghai.`

/** Routes are only described here, never called. */
const NOBODY = { answer: () => Promise.reject(new Error('Nobody works here')) }
const noKey = () => {
  throw new Error('Nothing is imported here')
}

/** Builds the document. It does not change while the gateway runs. */
export function createDocument(dialect: Dialect, routes: readonly RouteConfig[]) {
  const app = new OpenAPIHono()
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: '调用方密钥；未设调用方名单时可不填',
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' })
  registerProblems(app.openAPIRegistry)
  const described = [...nationalRoutes(dialect), ...codesDescribed]
  for (const route of [...routes, ...described]) app.openAPIRegistry.registerPath(route)
  const nothing = {
    ...{ today: () => '' as Day, indexed: () => Promise.resolve(), isKnownArea: () => false },
    ...{ elapsed: () => 0, now: () => 0 as Instant },
  }
  app.route('/', reportRoutes({ ...nothing, offload: NOBODY, dialect, pseudonymKey: noKey }))
  app.route('/', mappingQualityRoutes({ ...nothing, offload: NOBODY }))
  app.route('/', codesChangesRoutes({ offload: NOBODY }))
  for (const route of [...fhirDescribed, ...operationsDescribed]) app.openAPIRegistry.registerPath(route)
  const transactions = describeTransactions(app.openAPIRegistry, dialect)
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: '直结 Zhijie 接口', version: '1', description: DESCRIPTION },
    servers: [{ url: '/' }],
    tags: [...TAGS, ...transactions.tags],
  })
  const whole = { ...document, paths: { ...document.paths, ...transactions.paths } }
  const { catalogue } = dialect
  return withRoles(catalogue ? withTransactions(whole, catalogue) : whole)
}
