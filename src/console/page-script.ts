/**
 * What the page about the interface adds to RapiDoc: ids that an earlier answer gave are filled in, and the key follows
 * the content, so that pressing twice gives the first answer again and a changed request is a new one. What somebody has
 * typed is left alone.
 */

/** `GET /docs/page.js`: a script for the browser. It keeps ids of this tab only, and nothing of a person. */
export const PAGE_SCRIPT = String.raw`
const page = document.querySelector('rapi-doc')
// On a narrow screen RapiDoc hides its header and its list of addresses: there stands a list of our own, with a search.
const narrow = matchMedia('(max-width: 767px)').matches
if (narrow) page.setAttribute('show-header', 'false')
const list = document.querySelector('.find nav')

function element(name, text, children = []) {
  const made = document.createElement(name)
  made.textContent = text
  made.append(...children)
  return made
}

/** Draws the groups that have an address with the words in it; without words all are there, folded. */
function draw(tags, words) {
  const groups = tags.map((tag) => {
    const meant = tag.paths.filter((one) =>
      words.every((word) => (one.method + one.path + one.summary + one.operationId).toLowerCase().includes(word)))
    const links = meant.map((one) => {
      const link = element('a', one.summary || one.path)
      link.href = '#' + one.elementId
      return link
    })
    const group = element('details', '', [element('summary', tag.name + '（' + links.length + '）'), ...links])
    group.open = words.length > 0
    return [group, links.length]
  })
  list.replaceChildren(...groups.flatMap(([group, count]) => (count > 0 ? [group] : [])))
}

if (narrow) page.addEventListener('spec-loaded', ({ detail }) => {
  const search = document.querySelector('.find input')
  const draws = () => draw(detail.tags, search.value.toLowerCase().split(/\s+/).filter(Boolean))
  search.addEventListener('input', draws)
  draws()
  list.addEventListener('click', ({ target }) => {
    if (target.localName !== 'a') return
    search.value = ''
    draws()
  })
})
const STORE = 'zhijie-try'
const known = JSON.parse(sessionStorage.getItem(STORE) ?? '{}')
const filled = new Set()
const INPATIENT_ONLY = /\/(?:discharge|self-pay)$/

/** FNV-1a: the same content, the same key. */
function digest(text) {
  let hash = 0x811c9dc5
  for (const unit of text) hash = Math.imul(hash ^ unit.codePointAt(0), 0x01000193)
  return (hash >>> 0).toString(36)
}

function put(field, value) {
  if (!field || (field.value !== '' && !field.value.startsWith('example-') && !filled.has(field.value))) return
  field.value = value ?? ''
  field.setCustomValidity('')
  if (value) filled.add(value)
}

/** Kind of the encounter that a request is about: that of its chosen example. */
function kindOf(request) {
  if (INPATIENT_ONLY.test(request.path)) return 'inpatient'
  return request.shadowRoot.querySelector('.example-selected')?.dataset.example === 'inpatient' ? 'inpatient' : 'outpatient'
}

/** Fills one request in; again at the press, since its content may have changed since. */
function fill(request) {
  const root = request.shadowRoot
  const field = (name) => root.querySelector('.request-param[data-pname="' + name + '"]')
  const { encounter, settlement } = known[kindOf(request)] ?? {}
  put(field('encounter'), encounter)
  put(field('settlement'), settlement)
  if (request.path === '/v1/status') put(field('key'), known.key)
  const shown = root.querySelector('.example-selected')
  const body = (shown ?? root).querySelector('.request-body-param-user-input')
  if (body && encounter) body.value = body.value.replace('结算应答中的encounter', encounter)
  const address = request.path.replaceAll(/\{(\w+)\}/g, (_, name) => field(name)?.value ?? '')
  put(field('Idempotency-Key'), 'example-' + digest(address + '\n' + (body?.value ?? '')))
}

function fillAll() {
  for (const request of page.shadowRoot?.querySelectorAll('api-request') ?? []) if (request.shadowRoot) fill(request)
}

/** Says at an empty field which answer gives its id; without the id the address would lead nowhere. */
function missing(request) {
  for (const name of ['encounter', 'settlement']) {
    const field = request.shadowRoot.querySelector('.request-param[data-pname="' + name + '"][data-ptype="path"]')
    if (!field || field.value !== '') continue
    const isStay = kindOf(request) === 'inpatient'
    field.setCustomValidity(
      name === 'settlement' ? '请先试用“结算”' + (isStay ? '（选住院的示例）' : '') + '，结算ID会自动填入'
      : isStay ? '请先在“门诊挂号或入院办理”中选“入院办理”的示例并试用，就诊ID会自动填入'
      : '请先试用“门诊挂号或入院办理”，就诊ID会自动填入')
    field.reportValidity()
    return true
  }
  return false
}

/** Before RapiDoc reads the fields of a request. */
addEventListener('click', (event) => {
  const path = event.composedPath()
  const isTry = path.some((one) => one.part?.contains('btn-try'))
  const request = path.find((one) => one.localName === 'api-request')
  if (!isTry || !request) return
  fill(request)
  if (missing(request)) event.stopImmediatePropagation()
}, true)

/** Keeps the ids of the last visit and of the last stay apart, as the examples need them. */
function keep(url, kind, key, answer) {
  if (key) known.key = key
  if (url === '/v1/encounters' && kind && typeof answer.encounter === 'string') known[kind] = { encounter: answer.encounter }
  const settled = [known.outpatient, known.inpatient].find((one) => one?.encounter === answer.encounter)
  if (settled && /\/settlement$/.test(url) && typeof answer.settlement === 'string') settled.settlement = answer.settlement
  sessionStorage.setItem(STORE, JSON.stringify(known))
}

/** Kind of the encounter that the request opens, noted as it leaves: afterwards its body is read. */
let kind = null
page.addEventListener('before-try', ({ detail }) => {
  kind = /"kind"\s*:\s*"(\w+)"/.exec(typeof detail.request.body === 'string' ? detail.request.body : '')?.[1] ?? null
})
page.addEventListener('after-try', ({ detail }) => {
  if (!detail.responseStatus) return
  const { request, responseBody } = detail
  const answer = responseBody && typeof responseBody === 'object' ? responseBody : {}
  const { pathname } = new URL(request.url)
  if (pathname.startsWith('/v1/')) keep(pathname, kind, request.headers.get('idempotency-key'), answer)
})

/** The page draws a request some time after its address or its example has changed. */
function fillSoon() {
  for (const delayMs of [50, 300, 900]) setTimeout(fillAll, delayMs)
}
for (const name of ['hashchange', 'click', 'change']) addEventListener(name, fillSoon, true)
page.addEventListener('spec-loaded', fillSoon)
`
