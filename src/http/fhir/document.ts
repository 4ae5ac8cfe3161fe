/** The FHIR endpoints in the OpenAPI document: addresses only, the schemas are those of FHIR. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import { GROUPS } from '../document-groups.ts'
import { CODE_SYSTEM_SEARCH } from './code-systems.ts'
import { CONCEPT_MAP_SEARCH } from './concept-maps.ts'
import { type FhirExample, fhirExamples } from './examples.ts'
import { EXPAND } from './expand.ts'
import { LOOKUP } from './lookup.ts'
import type { Spec } from './parameters.ts'
import { doorOf, RELEASES, type Release } from './release.ts'
import { TRANSLATE } from './translate-question.ts'
import { VALIDATE } from './validate.ts'
import { VALIDATE_IN_SET, VALUE_SET_SEARCH } from './value-sets.ts'

const Resource = z.looseObject({ resourceType: z.string() }).openapi('FhirResource')
const content = { 'application/fhir+json': { schema: Resource } }
const outcome = (description: string) => ({ description: `OperationOutcome：${description}`, content })
const SECURITY: Record<string, string[]>[] = [{ apiKey: [] }, { bearer: [] }, {}]

const queryOf = (spec: Spec, { query = {} }: FhirExample) =>
  z.object(
    Object.fromEntries(
      Object.entries(spec)
        .filter(([, kind]) => kind !== 'coding' && kind !== 'concept')
        .map(([name]) => [name, queryField(query[name])]),
    ),
  )

/** A form field by field: the documentation page builds its form from fields, not from an example. */
const formOf = (spec: Spec, { body = {} }: FhirExample) =>
  queryOf(spec, { query: body as Readonly<Record<string, string>> })

function queryField(example: string | undefined) {
  const field = z.string().optional()
  return example === undefined ? field : field.openapi({ example })
}

function routeOf(release: Release, { method, path, summary, spec, body, form }: Described): RouteConfig {
  const example = fhirExamples(release)[`${method} ${path}`] ?? {}
  const taken = body && !path.includes('$')
  return createRoute({
    method,
    path: doorOf(release) + path,
    tags: [GROUPS[release]],
    summary,
    ...(taken && {
      description: '须由调用方名单中maintainsCodes为true的调用方提交；未设调用方名单时一律返回403。',
    }),
    security: SECURITY,
    request: {
      ...(path.includes('{id}') && {
        params: z.object({ id: z.string().openapi({ example: example.id ?? '' }) }),
      }),
      ...(spec && { query: queryOf(spec, example) }),
      ...(body && {
        body: {
          required: true,
          content: {
            'application/fhir+json': { schema: Resource, examples: { example: { value: example.body } } },
          },
        },
      }),
      ...(form && {
        body: {
          content: {
            'application/x-www-form-urlencoded': { schema: formOf(form, example), example: example.body },
          },
        },
      }),
    },
    responses: {
      [taken ? 201 : 200]: { description: '结果', content },
      400: outcome('请求不正确'),
      ...(taken && {
        401: outcome('调用方未登记'),
        403: outcome('该调用方不能提交对照表；未设调用方名单时谁都不能'),
      }),
      404: outcome('没有该地址、编码体系或编码'),
      422: outcome('版本与日期不符，或拒收的行'),
    },
  })
}

interface Described {
  readonly method: 'get' | 'post' | 'put'
  readonly path: string
  readonly summary: string
  readonly spec?: Spec
  readonly body?: boolean
  /** Fields of a form body. */
  readonly form?: Spec
}

function pathsOf(release: Release): readonly Described[] {
  const operation = (path: string, summary: string, spec: Spec): Described[] => [
    { method: 'get', path, summary, spec },
    { method: 'post', path, summary: `${summary}（Parameters资源）`, body: true },
  ]
  const effective: Spec = { effective: 'day' }
  return [
    { method: 'get', path: '/metadata', summary: '能力声明（CapabilityStatement）', spec: { mode: 'text' } },
    { method: 'get', path: '/$versions', summary: 'FHIR版本' },
    { method: 'get', path: '/OperationDefinition/{id}', summary: '操作及其参数' },
    { method: 'get', path: '/CodeSystem', summary: '国家编码体系，不含内容', spec: CODE_SYSTEM_SEARCH },
    {
      method: 'post',
      path: '/CodeSystem/_search',
      summary: '国家编码体系，以表单查询',
      form: CODE_SYSTEM_SEARCH,
    },
    { method: 'get', path: '/CodeSystem/{id}', summary: '一个国家编码体系的一个版本，不含内容' },
    ...operation('/CodeSystem/$lookup', '国家编码在某日的状态', LOOKUP),
    ...operation('/CodeSystem/$validate-code', '国家编码在某日可否使用', VALIDATE),
    { method: 'get', path: '/ConceptMap', summary: '对照表，不含内容', spec: CONCEPT_MAP_SEARCH[release] },
    {
      method: 'post',
      path: '/ConceptMap/_search',
      summary: '对照表，以表单查询',
      form: CONCEPT_MAP_SEARCH[release],
    },
    { method: 'get', path: '/ConceptMap/{id}', summary: '导出对照表的一个版本' },
    {
      method: 'post',
      path: '/ConceptMap',
      summary: '提交对照表的新版本，待复核',
      spec: effective,
      body: true,
    },
    {
      method: 'put',
      path: '/ConceptMap/{id}',
      summary: '提交对照表的新版本，待复核',
      spec: effective,
      body: true,
    },
    ...operation('/ConceptMap/$translate', '转换编码，正反两向；date为费用日期', {
      ...TRANSLATE[release],
      ...TRANSLATE.r6,
    }),
    { method: 'get', path: '/ValueSet', summary: '各国家编码体系全部编码的值集', spec: VALUE_SET_SEARCH },
    { method: 'post', path: '/ValueSet/_search', summary: '值集，以表单查询', form: VALUE_SET_SEARCH },
    { method: 'get', path: '/ValueSet/{id}', summary: '一个值集' },
    ...operation('/ValueSet/$expand', '按页列出编码，可用filter查找', EXPAND),
    ...operation('/ValueSet/$validate-code', '编码在某日可否使用', VALIDATE_IN_SET),
  ]
}

/** The routes of both releases. */
export const fhirDescribed: readonly RouteConfig[] = RELEASES.flatMap((release) =>
  pathsOf(release).map((described) => routeOf(release, described)),
)
