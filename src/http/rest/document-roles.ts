/** Adds to every operation of the document the roles that may call it, from the table of routes. */
import { ROLES, type Role } from '../../pipeline/callers.ts'
import { isFhir } from '../fhir/release.ts'
import { DIALECT_ROLES, ROUTES, type Who } from '../roles.ts'
import { problemResponses } from './problem-responses.ts'

/** The fields of an operation in the document that are changed. */
interface Operation {
  description?: string
  responses?: Record<string, unknown>
  'x-roles'?: readonly Role[]
}

const METHODS = ['get', 'post', 'put'] as const

/** `/a/:id{[a-z]}` → `/a/{id}`. */
const documented = (path: string) => path.replaceAll(/:(\w+)(?:\{[^}]*\})?/g, '{$1}')

const table = new Map(
  ROUTES.map(([method, path, who]) => [`${method.toLowerCase()} ${documented(path)}`, who]),
)

function sentenceOf(who: Who): string {
  if (typeof who === 'string') return '不需要密钥'
  return `设有调用方名单时，须由角色为${who.map((role) => `${role}（${ROLES[role]}）`).join('或')}的调用方访问`
}

/** Adds the roles to a document and returns it. Addresses missing in the table belong to a dialect. */
export function withRoles<Document extends { paths?: Record<string, unknown> | undefined }>(
  document: Document,
): Document {
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = (item as Partial<Record<string, Operation>>)[method]
      if (!operation) continue
      const who = table.get(`${method} ${path}`) ?? DIALECT_ROLES
      operation.description = [operation.description, sentenceOf(who)].filter(Boolean).join('\n\n')
      if (typeof who === 'string') continue
      operation['x-roles'] = who
      // FHIR has an error format of its own, and a dialect always answers 200.
      if (table.has(`${method} ${path}`) && !isFhir(path))
        operation.responses = { ...problemResponses([401, 403]), ...operation.responses }
    }
  }
  return document
}
