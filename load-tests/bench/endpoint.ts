/**
 * A platform that costs next to nothing, as a process of its own: it books each message id once, answers a settlement
 * whose amounts add up, as late as it is told to, and shows its book as two integers. It reads no more of a request than
 * it must, so that what is measured is the gateway. Told by its first argument:
 * `{"delayMs":5}`. `PUT /delay {"ms":50}`, `PUT /dark {"dark":true}` (takes requests and never answers), `GET /effects`.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const { delayMs: firstDelay = 0 } = JSON.parse(process.argv[2] ?? '{}') as { delayMs?: number }
let delayMs = firstDelay
let dark = false
const booked = new Map<string, number>()
const ANSWERS = new Map<number, string>()

const ID_MARK = Buffer.from('"msgid":"')
const SUM_MARK = Buffer.from('"medfee_sumamt":')
const LINE_MARK = Buffer.from('"feedetl_sn":"')
const QUOTE = 0x22
const COMMA = 0x2c

/** The answer for a number of lines and a sum, with holes for the id. */
function answerOf(lines: number, yuan: number): string {
  const key = lines * 1e9 + yuan * 100
  const known = ANSWERS.get(key)
  if (known) return known
  const fund = Math.floor(yuan * 50) / 100
  const person = Math.round((yuan - fund) * 100) / 100
  const setlinfo = {
    mdtrt_id: '{id}',
    setl_id: 'S{id}',
    psn_no: 'P340000000001',
    psn_name: '测试甲',
    medins_setl_id: '{id}',
    setl_time: '2026-03-02 09:30:01',
    med_type: '11',
    medfee_sumamt: yuan,
    fulamt_ownpay_amt: 0,
    overlmt_selfpay: 0,
    preselfpay_amt: 0,
    inscp_scp_amt: yuan,
    act_pay_dedc: 0,
    hifp_pay: fund,
    cvlserv_pay: 0,
    hifes_pay: 0,
    hifmi_pay: 0,
    hifob_pay: 0,
    maf_pay: 0,
    oth_pay: 0,
    fund_pay_sumamt: fund,
    psn_part_amt: person,
    acct_pay: 0,
    psn_cash_pay: person,
    hosp_part_amt: 0,
    balc: 0,
    acct_mulaid_pay: 0,
    clr_optins: '340100',
    clr_way: '1',
    clr_type: '11',
  }
  const pay = { fund_pay_type: '310100', inscp_scp_amt: yuan, fund_payamt: fund, setl_proc_info: '职工统筹' }
  const result = Array.from({ length: lines }, (_, index) => ({
    feedetl_sn: `F${index + 1}`,
    inscp_scp_amt: 12.5,
    memo: '甲类',
  }))
  const text = JSON.stringify({
    infcode: 0,
    inf_refmsgid: '{id}',
    refmsg_time: '20260302093001000',
    respond_time: '20260302093001000',
    err_msg: '',
    warn_msg: null,
    cainfo: '',
    signtype: '',
    output: { setlinfo, setldetail: [pay], result },
  })
  ANSWERS.set(key, text)
  return text
}

function textAfter(body: Buffer, mark: Buffer, end: number): string {
  const from = body.indexOf(mark) + mark.length
  return body.toString('latin1', from, body.indexOf(end, from))
}

function countOf(body: Buffer, mark: Buffer): number {
  let count = 0
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + mark.length)) count += 1
  return count
}

function settle(body: Buffer, response: ServerResponse): void {
  const id = textAfter(body, ID_MARK, QUOTE)
  const yuan = Number(textAfter(body, SUM_MARK, COMMA))
  booked.set(id, Math.round(yuan * 100))
  const answer = answerOf(countOf(body, LINE_MARK), yuan).replaceAll('{id}', id)
  const send = () => {
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(answer),
    })
    response.end(answer)
  }
  if (delayMs > 0) setTimeout(send, delayMs)
  else send()
}

function told(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  if (request.url === '/effects') {
    let fen = 0
    for (const each of booked.values()) fen += each
    response.end(JSON.stringify({ standing: booked.size, standingFen: fen }))
    return
  }
  const given = JSON.parse(body.toString()) as { ms?: number; dark?: boolean }
  delayMs = given.ms ?? delayMs
  dark = given.dark ?? dark
  response.end('{}')
}

const server = createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
    if (request.method !== 'POST') told(request, body, response)
    else if (!dark) settle(body, response)
  })
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as { port: number }).port}` })
})
process.once('disconnect', () => process.exit())
