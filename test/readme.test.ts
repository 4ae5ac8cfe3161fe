/** What the READMEs and the manual pages say is so: their commands run, their tables are whole. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { PROBLEMS } from '../src/domain/problems.ts'
import { MISS_REASONS } from '../src/reports/figures/reasons.ts'

const ROOT = join(import.meta.dirname, '..')
const READMES = ['README.md', 'README.zh-CN.md'] as const
/** In the order in which a reader runs them. */
const PAGES = ['README.md', 'docs/hospital-developer.md', 'docs/bureau-officer.md', 'docs/operator.md']
/** Pages that stand in both languages: the English one, and its Chinese edition. */
const EDITIONS = ['README', 'docs/hospital-developer', 'docs/operator'].map((page) => ({
  english: `${page}.md`,
  chinese: `${page}.zh-CN.md`,
}))

/** Name of the pool in the example of an nginx before the gateway; nothing that resolves. */
const NGINX_UPSTREAM = 'zhijie'

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** The blocks of a page, each with its mark: `sh`, `text`, `json`. */
function blocksOf(page: string): { mark: string; block: string }[] {
  return [...read(page).matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, mark = '', block = '']) => ({
    mark,
    block,
  }))
}

/** The commands in the blocks marked `sh`. One goes on over the lines that an open single quote spans. */
function commandsOf(page: string): string[] {
  const blocks = blocksOf(page).filter(({ mark }) => mark === 'sh')
  const commands: string[] = []
  let open = ''
  for (const line of blocks
    .map(({ block }) => block)
    .join('')
    .split('\n')) {
    open += open ? `\n${line}` : line
    if (open.split("'").length % 2 === 0) continue
    if (open) commands.push(open)
    open = ''
  }
  return commands
}

/** What a shell is told besides the command: values that a reader copies out of an answer. */
const copied: Record<string, string> = {}

function field(output: string, name: string): string {
  const value = (JSON.parse(output) as Record<string, unknown>)[name]
  expect(value, output).toBeTypeOf('string')
  return value as string
}

/** How a command is checked: by `.ci/run`, as the gateway of this test, or by what it prints. */
type Check = 'ci' | 'serves' | ((output: string) => void)

const has = (text: string): Check => {
  return (output) => expect(output).toContain(text)
}

/** Sentences that a command of the walks was found to answer. */
const heard = new Set<string>()

/** A refusal over REST, as the clerk reads it: reason and sentence. */
const refusedByProblem = (sentence: string): Check => {
  return (output) => {
    const { reason, detail } = JSON.parse(output) as { reason: string; detail: string }
    expect(`${reason} ${detail}`).toBe(sentence)
    heard.add(sentence)
  }
}

/** A refusal in the national wire: the sentence is the whole `err_msg`. */
const refusedByWire = (sentence: string): Check => {
  return (output) => {
    const { infcode, err_msg } = JSON.parse(output) as { infcode: number; err_msg: string }
    expect({ infcode, err_msg }).toEqual({ infcode: -1, err_msg: sentence })
    heard.add(sentence)
  }
}

/** A refusal of 4261 to 4263, which have no envelope: the sentence is the whole `message`. */
const refusedBare = (sentence: string): Check => {
  return (output) => {
    expect(JSON.parse(output)).toEqual({ code: '-1', type: 'error', message: sentence, data: null })
    heard.add(sentence)
  }
}

/** A success in the national wire; the ids named are copied out of it. */
const accepted = (ids: Readonly<Record<string, string>> = {}): Check => {
  return (output) => {
    expect(output).toContain('"infcode":0')
    for (const [variable, name] of Object.entries(ids)) {
      const value = new RegExp(`"${name}":"([^"]+)"`).exec(output)?.[1]
      expect(value, output).toBeDefined()
      copied[variable] = value ?? ''
    }
  }
}

/** An answer over REST out of which a variable is copied. */
const copies = (variable: string, name: string): Check => {
  return (output) => {
    copied[variable] = field(output, name)
  }
}

/** An answer about entitlement that says no in the text of its check. */
const notEntitled = (sentence: string): Check => {
  return (output) => {
    const { entitlement } = JSON.parse(output) as { entitlement: { checks: unknown[] } }
    expect(entitlement.checks).toEqual([expect.objectContaining({ entitled: false, text: sentence })])
    heard.add(sentence)
  }
}

const UNMAPPED = 'medins_list_codg：该院上传的是院内编码；“Y9999”在其对照表中没有对应项'
const UNEQUAL_SUMS = '费用总额medfee_sumamt不等于全自费、超限价、先行自付、符合政策范围四项之和'

/** The walks of docs/hospital-developer.md in the national wire, by transaction, insured area and serial. */
const WALKS: Readonly<Record<string, Check>> = {
  '4261 440100 0601 \'{ "upType": "0",': refusedBare(
    '[invalid-field] 字段缺失或不符合规范：fmiOwnpayPatnFeeListDDTO 自费病人费用明细信息不能为空',
  ),
  '4261 440100 0602 \'{ "upType": "0",': has('{"code":"0","type":"success","message":"成功","data":null}'),
  '4262 440100 0603 \'{ "mdtrtId": "ZF0601", "fixmedinsCode": "H62100290001", "totalFeeSumamt": 24.00 }\'':
    has('"stmtResult":"0","stmtRema":"机构24.00元、中心25.00元"'),
  '4262 440100 0604 \'{ "mdtrtId": "ZF0601", "fixmedinsCode": "H62100290001", "totalFeeSumamt": 25.00 }\'':
    has('"stmtResult":"1"'),
  '1301 621002 0701 \'{ "data": { "ver": "0" } }\'': accepted({ FILE: 'file_qury_no', FILENAME: 'filename' }),
  '9102 621002 0702 \'{ "fsDownloadIn": { "file_qury_no": "0", "filename": "\'$FILENAME\'", "fixmedins_code": "H62100290001" } }\'':
    refusedByWire('E000 [fund-refused] 平台拒绝：未查询到该文件'),
  '9102 621002 0703 \'{ "fsDownloadIn": { "file_qury_no": "\'$FILE\'", "filename": "\'$FILENAME\'", "fixmedins_code": "H62100290001" } }\' | head -c 2':
    (output) => expect(output).toBe('PK'),
  '2201 440100 0101 \'{ "data": {': accepted({ MDTRT_ID: 'mdtrt_id' }),
  "2203 440100 0102 '{": accepted(),
  '2204 440100 0103 \'{ "feedetail": [{': refusedByWire(
    `E501 [bad-codes] 共1处编码不可用。MZ0101F1 ${UNMAPPED}`,
  ),
  '2204 440100 0104 \'{ "feedetail": [{': accepted(),
  '2206 440100 0105 \'{ "data": {': accepted(),
  '2207 440100 0106 \'{ "data": {': accepted({ SETL_ID: 'setl_id' }),
  '2208 440100 0107 \'{ "data": { "setl_id": "\'$SETL_ID\'", "mdtrt_id": "\'$MDTRT_ID\'", "psn_no": "44010099000000000000000002" } }\'':
    has('"medfee_sumamt":-25'),
  '2001 440106 0201 \'{ "data": { "psn_no": "44010699000000000000000081", "insutype": "310",': has(
    '"trt_chk_rslt":"E601 未查询到该病种的门诊慢特病资格"',
  ),
  '2201 440106 0202 \'{ "data": {': accepted({ MDTRT_ID: 'mdtrt_id' }),
  "2203 440106 0203 '{": accepted(),
  '2204 440106 0204 \'{ "feedetail": [{': accepted(),
  '2206 440106 0205 \'{ "data": {': refusedByWire(
    'E601 [fund-refused] 平台拒绝：同一收费批次的病种编码不一致',
  ),
  '2205 440106 0206 \'{ "data": { "mdtrt_id": "\'$MDTRT_ID\'", "chrg_bchno": "MT0202B1", "psn_no": "44010699000000000000000081" } }\'':
    accepted(),
  '2204 440106 0207 \'{ "feedetail": [{': accepted(),
  '2206 440106 0208 \'{ "data": {': accepted(),
  '2205 440106 0209 \'{ "data": { "mdtrt_id": "\'$CHRONIC\'", "chrg_bchno": "B1", "psn_no": "44010699000000000000000081" } }\'':
    accepted(),
  '2207 440106 0210 \'{ "data": {': accepted({ SETL_ID: 'setl_id' }),
  "2401 440106 0301 '{": accepted({ MDTRT_ID: 'mdtrt_id' }),
  '2301 440106 0302 \'{ "feedetail": [{': accepted(),
  '2303 440106 0303 \'{ "data": {': accepted(),
  "2402 440106 0304 '{": accepted(),
  '2304 440106 0305 \'{ "data": {': refusedByWire(`E503 [bad-amounts] 金额不平：${UNEQUAL_SUMS}`),
  '2304 440106 0306 \'{ "data": {': accepted({ SETL_ID: 'setl_id' }),
  "2401 440106 0501 '{": refusedByWire('E101 [fund-refused] 平台拒绝：未查询到有效的异地就医备案'),
  "2501 440106 0502 '{": accepted({ FILING: 'trt_dcla_detl_sn' }),
  '5304 440106 0503 \'{ "data": { "psn_no": "44010699000000000000000004", "begntime": "2025-03-01 00:00:00", "endtime": "2025-03-31 00:00:00" } }\'':
    has('"reflin_medins_no":"H62100290001"'),
  "2401 440106 0504 '{": accepted({ MDTRT_ID: 'mdtrt_id' }),
  '2404 440106 0505 \'{ "data": { "mdtrt_id": "\'$MDTRT_ID\'", "psn_no": "44010699000000000000000004" } }\'':
    accepted(),
  '2502 440106 0506 \'{ "data": { "trt_dcla_detl_sn": "\'$FILING\'", "psn_no": "44010699000000000000000004" } }\'':
    accepted(),
}

/** Every command of the pages, by its first line. */
const CHECKS: Readonly<Record<string, Check>> = {
  'npm ci && npm run demo': 'ci',
  'npm ci && npm test': 'ci',
  'npm start': 'serves',
  'curl -s http://127.0.0.1:8095/people': has('99000000ECTOKEN00000000044000001'),
  "curl -s http://127.0.0.1:8080/v1/eligibility -H 'content-type: application/json' -d '{":
    has('"entitled":true'),
  "curl -s http://127.0.0.1:8080/hss-call-service-interface -H 'content-type: application/json' -d '{":
    has('"infcode":0'),
  'npm run report -- import docs/examples/stays.csv': has('拒收0行'),
  'npm run report -- settlement-rate --area 621025 --from 2025-01 --to 2025-03': has('621025'),
  'npm run report -- settlement-rate --area 621025 --from 2025-01-01 --to 2025-03-31 --as-of 2025-04-05 --scope cross --basis broad --json':
    has('"numerator":2,"denominator":4,"rate":50'),
  ...Object.fromEntries(
    Object.entries(WALKS).map(([rest, check]) => [`sh docs/examples/national.sh ${rest}`, check]),
  ),
  "curl -s http://127.0.0.1:8080/v1/encounters -H 'content-type: application/json' -H 'idempotency-key: visit-1' -d '{":
    copies('ENCOUNTER', 'encounter'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/lines -H 'content-type: application/json' -H 'idempotency-key: lines-0' -d '{":
    refusedByProblem(
      `E501 共1处编码不可用。F1 ${UNMAPPED.replace('medins_list_codg', 'lines[0].localCode')}`,
    ),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/lines -H 'content-type: application/json' -H 'idempotency-key: lines-1' -d '{":
    has('"split":{"totalFen":2500,"selfPaidFen":0,"overLimitFen":0,"firstSelfPayFen":250,"inScopeFen":2250}'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/pre-settlement -H 'content-type: application/json' -d '{":
    has('"settlement":null'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/settlement -H 'content-type: application/json' -H 'idempotency-key: settle-1' -d '{":
    copies('SETTLEMENT', 'settlement'),
  "curl -s 'http://127.0.0.1:8080/v1/status?key=settle-1'": has('"state":"accepted"'),
  "curl -s 'http://127.0.0.1:8080/v1/status?institution=H62100290001&transaction=2207&message=H62100290001202503120800000106'":
    has('"state":"accepted"'),
  'curl -s http://127.0.0.1:8080/v1/eligibility -H \'content-type: application/json\' -d \'{ "medicalCategory": "14",':
    notEntitled('E601 未查询到该病种的门诊慢特病资格'),
  "curl -s http://127.0.0.1:8080/v1/encounters -H 'content-type: application/json' -H 'idempotency-key: chronic-1' -d '{":
    copies('CHRONIC', 'encounter'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$CHRONIC/lines -H 'content-type: application/json' -H 'idempotency-key: chronic-lines-1' -d '{":
    has('"totalFen":20000'),
  'curl -s http://127.0.0.1:8080/v1/encounters/$CHRONIC/pre-settlement -H \'content-type: application/json\' -d \'{ "batch": "B1",':
    refusedByProblem('E601 同一收费批次的病种编码不一致'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$CHRONIC/lines -H 'content-type: application/json' -H 'idempotency-key: chronic-lines-2' -d '{":
    has('"totalFen":20000'),
  'curl -s http://127.0.0.1:8080/v1/encounters/$CHRONIC/pre-settlement -H \'content-type: application/json\' -d \'{ "batch": "B2",':
    has('"settlement":null'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$CHRONIC/settlement -H 'content-type: application/json' -H 'idempotency-key: chronic-settle-1' -d '{":
    copies('SETTLEMENT', 'settlement'),
  "curl -s http://127.0.0.1:8080/v1/encounters -H 'content-type: application/json' -H 'idempotency-key: stay-1' -d '{":
    copies('STAY', 'encounter'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$STAY/lines -H 'content-type: application/json' -H 'idempotency-key: stay-lines-1' -d '{":
    has('"totalFen":320000'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$STAY/pre-settlement -H 'content-type: application/json' -d '{":
    has('"settlement":null'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$STAY/discharge -H 'content-type: application/json' -H 'idempotency-key: stay-discharge-1' -d '{":
    has('"encounter"'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$STAY/settlement -H 'content-type: application/json' -H 'idempotency-key: stay-settle-0' -d '{":
    refusedByProblem(
      'E503 totalFen 费用总额不等于全自费selfPaidFen、超限价overLimitFen、先行自付firstSelfPayFen、符合政策范围inScopeFen四项之和',
    ),
  "curl -s http://127.0.0.1:8080/v1/encounters/$STAY/settlement -H 'content-type: application/json' -H 'idempotency-key: stay-settle-1' -d '{":
    copies('SETTLEMENT', 'settlement'),
  "curl -s http://127.0.0.1:8080/v1/purchases -H 'content-type: application/json' -H 'idempotency-key: purchase-0' -d '{":
    refusedByProblem('E503 费用总额totalFen不等于各明细金额lines[0].totalFen之和'),
  "curl -s http://127.0.0.1:8080/v1/purchases -H 'content-type: application/json' -H 'idempotency-key: purchase-1' -d '{":
    has('"totalFen":2500'),
  "curl -s 'http://127.0.0.1:8080/v1/status?key=purchase-1'": has('"state":"accepted"'),
  "INSTITUTION=P62100290001 sh docs/examples/national.sh 2101 440100 0401 '{": accepted(),
  "INSTITUTION=P62100290001 sh docs/examples/national.sh 3505A 621002 0404 '{": has('"retRslt":"1"'),
  "INSTITUTION=P62100290001 sh docs/examples/national.sh 3506A 621002 0405 '{": has('"selinfoErrDetail":[]'),
  "INSTITUTION=P62100290001 sh docs/examples/national.sh 2102 440100 0402 '{": accepted({
    MDTRT_ID: 'mdtrt_id',
    SETL_ID: 'setl_id',
  }),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2103 440100 0403 \'{ "data": { "setl_id": "\'$SETL_ID\'", "mdtrt_id": "\'$MDTRT_ID\'", "psn_no": "44010099000000000000000002" } }\'':
    has('"medfee_sumamt":-25'),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2161 440100 0501 \'{ "ssn": "990044194808010038", "insuplc": "440100", "fixmedins_code": "P62100290001" }\'':
    accepted(),
  "INSTITUTION=P62100290001 sh docs/examples/national.sh 2166 440100 0502 '{": accepted({
    REGNO: 'mdtrt_regno',
  }),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2171 440100 0503 \'{ "fixmedins_code": "P62100290001", "mdtrt_regno": "\'$REGNO\'", "ssn": "990044194808010038" }\'':
    accepted(),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2171 440100 0504 \'{ "fixmedins_code": "P62100290001", "mdtrt_regno": "\'$REGNO\'", "ssn": "990044194808010038" }\'':
    accepted(),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2171 440100 0505 \'{ "fixmedins_code": "P62100290001", "mdtrt_regno": "\'$REGNO\'", "ssn": "990044194808010038" }\'':
    has('"medfee_sumamt":25'),
  'INSTITUTION=P62100290001 sh docs/examples/national.sh 2163 440100 0506 \'{ "fixmedins_code": "P62100290001", "mdtrt_regno": "\'$REGNO\'", "opter_name": "收费员甲" }\'':
    has('"medfee_sumamt":-25'),
  "curl -s http://127.0.0.1:8080/v1/settlements/$SETTLEMENT/cancellation -H 'content-type: application/json' -H 'idempotency-key: cancel-1' -d '{ \"encounter\": \"'$ENCOUNTER'\" }'":
    has('"totalFen":-2500'),
  "curl -s 'http://127.0.0.1:8080/v1/reports/settlement-rate?area=621025&from=2025-01&to=2025-03&asOf=2025-04-05&scope=cross&basis=broad'":
    has('"numerator":2,"denominator":4,"rate":50'),
  "curl -s http://127.0.0.1:8080/v1/reports/records -H 'content-type: text/csv' --data-binary @docs/examples/stays.csv":
    has('{"accepted":0,"duplicates":11,"refused":[],"refusedTotal":0}'),
  "curl -s 'http://127.0.0.1:8080/v1/codes/diagnosis/I10.x00x002?day=2026-06-01'": has('"state":"active"'),
  "curl -s http://127.0.0.1:8080/v1/codes/translate -H 'content-type: application/json' -d '{":
    has('"reason":"not-mapped"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r4/ConceptMap/$translate?system=urn:zhijie:system:H62010290001-diagnosis&code=I50.950&date=2026-06-01'":
    has('"equivalence","valueCode":"relatedto"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r5/ConceptMap/$translate?system=urn:zhijie:standard:diagnosis&targetCode=N18.902&date=2026-06-01'":
    has('"code":"I50.950"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r5/CodeSystem/$lookup?system=urn:zhijie:standard:diagnosis&code=I10.x00x002&date=2026-06-01'":
    has('"display","valueString":"高血压"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r4/CodeSystem/$validate-code?url=urn:zhijie:standard:diagnosis&code=I10.X00X002&date=2026-06-01'":
    has('应为“I10.x00x002”'),
  "curl -s 'http://127.0.0.1:8080/fhir/r4/ValueSet/$expand?url=urn:zhijie:standard:diagnosis?fhir_vs&filter=I10&count=10&date=2026-06-01'":
    has('"code":"I10.x00x002"'),
  'npm run -s codes -- list': has('diagnosis'),
  'npm run -s onboarding -- list --area 430900': has('已申请28家'),
  'echo I50.950 | npm run -s codes -- translate --standard diagnosis --system H62010290001-diagnosis --day 2026-06-01 --json':
    has('"code":"N18.902"'),
  'curl -s http://127.0.0.1:8080/health': has('"alive":true'),
  'curl -s http://127.0.0.1:8080/ready': has('"ready":true'),
  "printf %s 'a-long-random-key' | sha256sum": (output) => {
    expect(read('docs/operator.md')).toContain(`"keySha256": "${output.slice(0, 64)}"`)
  },
  'curl -s http://127.0.0.1:8080/v1/open-cases': has('{"paused":false,"total":0,"cases":[],"next":null}'),
  "curl -s http://127.0.0.1:8080/v1/archive -H 'content-type: application/json' -d '{ \"olderThanDays\": 400 }'":
    has('{"archived":[],"archivedUpTo":0,"stays":{"segment":1,"because":"present"}}'),
  'curl -s http://127.0.0.1:8080/v1/destinations': has('"national/440000":"closed"'),
  'curl -s http://127.0.0.1:8080/metrics': has('zhijie_destination_down'),
  'curl -s http://127.0.0.1:8080/v1/tally': has('"open":0'),
  'npm run conformance -- --only 9001,9002,1101 --json': has('"failed":0'),
  'npm run load -- --seconds 3': has('stand on both sides'),
  'npm run load -- --help': has('one-province-dark'),
  'npm run load -- --profile morning-peak --rate 5 --minutes 0.1': has('fen on both sides'),
  'curl -s http://127.0.0.1:8090/faults -H \'content-type: application/json\' -d \'{ "kind": "reset", "transaction": "2207", "times": 1 }\'':
    has('"kind":"reset"'),
  'curl -s http://127.0.0.1:8095/faults -H \'content-type: application/json\' -d \'[{ "kind": "stop", "area": "440000" }]\'':
    has('"kind":"stop"'),
  'npm run codes -- import docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 1.0 --effective 2024-01-01 --dry-run':
    has('没有写入任何内容：仅检查'),
  "npm run codes -- import docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 1.0 --effective 2024-01-01 --published 2023-12-01 --data-as-of 2023-11-30 --source '示例文件，虚构' --by 张三":
    has('读取3行，接收3行，拒收0行'),
  'npm run codes -- review --standard clinical-diagnosis --edition 1.0 --by 李四': has('已审核 李四'),
  'npm run codes -- publicise --standard clinical-diagnosis --edition 1.0 --by 李四': has('公示中 李四'),
  'npm run codes -- publish --standard clinical-diagnosis --edition 1.0 --by 李四': has('：已发布'),
  'npm run codes -- import-map docs/examples/clinical-map.csv --standard clinical-diagnosis --system local-example --edition 1 --effective 2024-01-01 --by 张三 --publish --checked-by 李四':
    has('文件注明国家编码表中没有对应：1行'),
  "printf 'LOCAL-1\\nLOCAL-2\\nLOCAL-3\\n' | npm run -s codes -- translate --standard clinical-diagnosis --system local-example --day 2024-06-01 --json":
    has('"reason":"not-in-national-table"'),
  'npm run codes -- candidates-score --standard clinical-diagnosis': has('local-example'),
  'npm run -s codes -- mapping-quality --from 2025-01-01 --to 2030-12-31': has('费用明细'),
  'npm run -s codes -- mapping-quality --institution H62010290001 --csv': has('候选1'),
  "curl -s 'http://127.0.0.1:8080/v1/reports/mapping-quality?institution=H62010290001'": has(
    '"institution":"H62010290001"',
  ),
  'npm run -s codes -- rehearse docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 9.9 --effective 2030-01-01':
    has('没有变化'),
  "curl -s 'http://127.0.0.1:8080/v1/codes/diagnosis/changes?from=2.0'": has('"standard":"diagnosis"'),
  'curl -s http://127.0.0.1:8095/faults': has('"kind":"stop"'),
  'curl -s -X DELETE http://127.0.0.1:8090/faults': has('{"faults":[]}'),
  'curl -s -X DELETE http://127.0.0.1:8095/faults': has('{"faults":[]}'),
}

const firstLine = (command: string) => command.split('\n')[0] ?? ''

/** Platforms in the order of their documented ports. */
const PORTS = {
  national: '8090',
  620000: '8091',
  340000: '8092',
  640000: '8093',
  430000: '8094',
  440000: '8095',
}

const hasShell = process.platform !== 'win32'
const found = (tool: string) => hasShell && spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0

describe('documented commands', () => {
  it('READMEs begin with the two lines that CI runs', () => {
    for (const readme of READMES) {
      const [title, ...rest] = read(readme).split('\n')
      expect(title).toMatch(/^# /)
      const head = ['', '```sh', 'npm ci && npm run demo', 'npm ci && npm test', '```']
      expect(rest.slice(0, 5), readme).toEqual(head)
    }
    const ci = read('.ci/run')
    for (const line of ['npm ci && npm run demo', 'npm ci && npm test']) expect(ci).toContain(line)
  })

  it.each(EDITIONS)('$chinese has the blocks of $english', ({ english, chinese }) => {
    expect(blocksOf(chinese)).toEqual(blocksOf(english))
  })

  it.each(EDITIONS)('$chinese has the headings of $english, level by level', ({ english, chinese }) => {
    const levels = (page: string) =>
      read(page)
        .replaceAll(/^```[\s\S]*?^```$/gm, '')
        .match(/^#+(?= )/gm)
    expect(levels(chinese)).toEqual(levels(english))
  })

  it('every command is in the table, and the table holds no other', () => {
    const pages = [...pagesBelow(''), ...pagesBelow('docs')]
    const written = new Set(pages.flatMap(commandsOf).map(firstLine))
    expect([...written].sort()).toEqual(Object.keys(CHECKS).sort())
    const runHere = new Set(PAGES.flatMap(commandsOf).map(firstLine))
    expect(runHere).toEqual(written)
  })
})

describe.skipIf(!hasShell)(
  'commands against `npm start` (skipped on Windows: they need a POSIX shell)',
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-readme-'))
    const settings = { ...process.env, ZHIJIE_DATA: dataDir, ZHIJIE_LOG: 'error' }
    const addresses: Record<string, string> = {}
    let gateway: ChildProcess

    beforeAll(async () => {
      gateway = spawn('npm', ['start'], {
        cwd: ROOT,
        env: { ...settings, ZHIJIE_PORT: '0', ZHIJIE_SIMULATOR_PORT: '0', ZHIJIE_UPSTREAM: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      const printed = await untilPrinted(gateway, /^ {2}national .*$/m)
      addresses['127.0.0.1:8080'] = /listens on http:\/\/(\S+)/.exec(printed)?.[1] ?? ''
      for (const [platform, port] of Object.entries(PORTS)) {
        const address = new RegExp(`^ {2}${platform} +http://(\\S+)$`, 'm').exec(printed)?.[1]
        addresses[`127.0.0.1:${port}`] = address ?? ''
      }
    })

    /** What a load run is told where the ports are not those of the pages. */
    const parties = () => ({
      ZHIJIE_GATEWAY: `http://${addresses['127.0.0.1:8080']}`,
      ZHIJIE_PLATFORMS: [8091, 8092, 8093, 8094, 8095]
        .map((port) => `http://${addresses[`127.0.0.1:${port}`]}`)
        .join(','),
    })

    afterAll(async () => {
      const ended = new Promise((resolve) => gateway.once('close', resolve))
      if (gateway.pid) process.kill(-gateway.pid, 'SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    })

    const cases = PAGES.flatMap((page) => commandsOf(page).map((command) => ({ page, command })))
    for (const { page, command } of cases) {
      const check = CHECKS[firstLine(command)]
      if (typeof check !== 'function') continue
      const tool = ['curl', 'sha256sum'].find((name) => command.includes(name))
      const missing = tool !== undefined && !found(tool)
      const name = `${page}: ${firstLine(command).slice(0, 90)}${missing ? ` (skipped: no ${tool} here)` : ''}`
      it.skipIf(missing)(name, () => {
        const placed = command.replaceAll(/127\.0\.0\.1:\d+/g, (address) => addresses[address] ?? address)
        const run = spawnSync('sh', ['-c', placed], {
          cwd: ROOT,
          env: { ...settings, ...copied, ...parties() },
          encoding: 'utf8',
        })
        expect(run.status, run.stdout + run.stderr).toBe(0)
        check(run.stdout)
      })
    }

    it('every refusal that docs/hospital-developer.md shows was given by a command of its walks', () => {
      const shown = blocksOf('docs/hospital-developer.md').filter(({ mark }) => mark === 'text')
      expect(shown.length).toBeGreaterThanOrEqual(6)
      expect([...new Set(shown.map(({ block }) => block.trim()))].sort()).toEqual([...heard].sort())
    })
  },
)

/** Waits until a process has printed something. Rejects with its words where it ends before. */
function untilPrinted(child: ChildProcess, wanted: RegExp): Promise<string> {
  let printed = ''
  let faults = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      faults += chunk
    })
    child.stdout?.on('data', (chunk) => {
      printed += chunk
      if (wanted.test(printed)) resolve(printed)
    })
    child.once('close', () => reject(new Error(`npm start ended: ${printed}${faults}`)))
  })
}

/** Pages of a folder, by their path below the root. */
function pagesBelow(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return names
    .filter((file) => file.isFile() && file.name.endsWith('.md'))
    .map(({ name }) => join(folder, name))
}

/** The variables that the configuration knows. It tells them itself: each is asked for by its name. */
function variables(): string[] {
  const asked = new Set<string>()
  const spy = new Proxy({} as Record<string, string | undefined>, {
    get: (_target, name) => {
      if (typeof name === 'string') asked.add(name)
      return undefined
    },
  })
  readConfig(spy)
  return [...asked].filter((name) => name.startsWith('ZHIJIE_'))
}

describe('documented tables', () => {
  it('READMEs and both editions of docs/operator.md hold every environment variable in a table, and no other', () => {
    const known = variables()
    expect(known.length).toBeGreaterThan(10)
    for (const page of [...READMES, 'docs/operator.md', 'docs/operator.zh-CN.md']) {
      const rows = read(page)
        .split('\n')
        .flatMap((line) => line.split('|')[1]?.match(/ZHIJIE_\w+/g) ?? [])
      expect([...new Set(rows)].sort(), page).toEqual([...known].sort())
    }
  })

  it('both editions of docs/operator.md hold each column of the register of institutions that the gateway reads', () => {
    const readers = ['src/pipeline/institution-directory.ts', 'src/codes/institution.ts'].map(read).join('')
    const columns = [...readers.matchAll(/attributes\.(\w+)/g)].map(([, name = '']) => name)
    expect(new Set(columns).size).toBeGreaterThan(4)
    // Those of the standards are read by their ending: `diagnosisSystem`, and one row for the others.
    expect(readers).toContain('System$/')
    columns.push('diagnosisSystem', '…System')
    for (const page of ['docs/operator.md', 'docs/operator.zh-CN.md']) {
      for (const column of columns) expect(read(page), page).toContain(`\n| \`${column}\` |`)
    }
  })

  const developers = ['docs/hospital-developer.md', 'docs/hospital-developer.zh-CN.md']
  it.each(developers)('%s holds every problem with its status, retry, reason and words', (page) => {
    const rows = read(page)
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' '))
      .filter((line) => /^\| `[a-z-]+` \| \d{3} /.test(line))
    const wanted = Object.entries(PROBLEMS).map(
      ([code, { status, retry, reason, title, zh }]) =>
        `| \`${code}\` | ${status} | ${retry} | ${reason ?? '–'} | ${title} · ${zh} |`,
    )
    expect(rows).toEqual(wanted)
  })

  it.each(developers)('%s tells every failure reason once, and no other', (page) => {
    const cells = read(page).match(/^\| E\d{3}[^|]*(?=\|)/gm) ?? []
    const reasons = Object.keys(MISS_REASONS).filter((code) => /^E\d{3}$/.test(code))
    expect(cells.flatMap((cell) => cell.match(/E\d{3}/g) ?? [])).toEqual(reasons)
    expect(reasons[0]).toBe('E000')
  })

  it('every npm script that a page names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const page of [...pagesBelow(''), ...pagesBelow('docs')]) {
      const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)
      for (const name of named) expect(scripts, `${page}: npm run ${name}`).toHaveProperty(name)
    }
  })

  it('pages name no address but 127.0.0.1', () => {
    for (const page of [...pagesBelow(''), ...pagesBelow('docs')]) {
      const hosts = [...read(page).matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host)
      expect(
        hosts.filter((host) => host !== '127.0.0.1' && host !== NGINX_UPSTREAM),
        page,
      ).toEqual([])
    }
  })
})
