/** Sealed texts open with their own key only, show nothing, and are refused once a byte of them was changed. */
import { createHmac, hkdfSync } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { createSeal, readKey } from '../../src/journal/segment/seal.ts'

const KEY = 'a1'.repeat(32)
const seal = createSeal(KEY)
const sealOf = (text: Uint8Array) => Buffer.concat(seal.seal(text))
const clear = Buffer.from('{"psn_no":"44010699000000000000000007","psn_name":"测庚七"}')

describe('seal() and open()', () => {
  it('give back every text, the empty one too, also after a restart', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (text) => {
        expect(createSeal(KEY).open(sealOf(Buffer.from(text)))).toEqual(Buffer.from(text))
      }),
    )
  })

  it('show nothing of the text, and never the same twice', () => {
    const [one, other] = [sealOf(clear), sealOf(clear)]
    expect(one.equals(other)).toBe(false)
    expect(one.includes('44010699000000000000000007')).toBe(false)
    expect(one.includes('测庚七')).toBe(false)
  })

  it('never take a nonce twice', () => {
    const nonces = Array.from({ length: 2000 }, () => sealOf(clear).toString('hex', 0, 12))
    expect(new Set(nonces).size).toBe(nonces.length)
  })

  it('refuse a text that was changed in any one byte, or cut', () => {
    const sealed = sealOf(clear)
    for (let place = 0; place < sealed.length; place += 1) {
      const changed = Buffer.from(sealed)
      changed[place]! ^= 1
      expect(() => seal.open(changed), `byte ${place}`).toThrow()
    }
    expect(() => seal.open(sealed.subarray(0, -1))).toThrow()
    expect(() => seal.open(Buffer.alloc(0))).toThrow()
  })

  it('refuse a text of another key', () => {
    expect(() => createSeal('a2'.repeat(32)).open(sealOf(clear))).toThrow()
  })
})

describe('pseudonym()', () => {
  it('is the same 32 digits for the same text, and others for another text or key', () => {
    const name = seal.pseudonym('44010699000000000000000007')
    expect(name).toMatch(/^[0-9a-f]{32}$/)
    expect(createSeal(KEY).pseudonym('44010699000000000000000007')).toBe(name)
    expect(seal.pseudonym('44010699000000000000000008')).not.toBe(name)
    expect(createSeal('a2'.repeat(32)).pseudonym('44010699000000000000000007')).not.toBe(name)
  })
})

describe('bodyHash()', () => {
  it('is the same 32 digits for the same head and bytes, and others for other ones, another key, or a pseudonym', () => {
    const bytes = Buffer.from('x'.repeat(80_000))
    const hash = seal.bodyHash('2207', bytes)
    expect(hash).toMatch(/^[0-9a-f]{32}$/)
    expect(createSeal(KEY).bodyHash('2207', new Uint8Array(bytes))).toBe(hash)
    expect(seal.bodyHash('2207', bytes.subarray(1))).not.toBe(hash)
    expect(seal.bodyHash('2208', bytes)).not.toBe(hash)
    expect(createSeal('a2'.repeat(32)).bodyHash('2207', bytes)).not.toBe(hash)
    expect(seal.pseudonym(`2207${bytes}`)).not.toBe(hash)
  })

  it('tells any two texts apart, also where one is the other with zeros behind it', () => {
    const text = fc.uint8Array({ maxLength: 200 })
    fc.assert(
      fc.property(text, text, fc.nat({ max: 16 }), (one, other, zeros) => {
        const hash = seal.bodyHash('2207', one)
        const padded = Buffer.concat([one, Buffer.alloc(zeros)])
        expect(seal.bodyHash('2207', padded) === hash).toBe(zeros === 0)
        expect(seal.bodyHash('2207', other) === hash).toBe(Buffer.compare(one, other) === 0)
      }),
    )
  })
})

describe('bodyHash() and what was before it', () => {
  const head = '["2207","H1","620102","440106"]'
  const bytes = Buffer.from('{"data":{"medfee_sumamt":12.5}}')

  it('is the HMAC of SHA-256 under a key that is derived for it alone', () => {
    const key = hkdfSync('sha256', Buffer.from(KEY, 'hex'), '', 'zhijie body HMAC', 32)
    const tag = createHmac('sha256', Buffer.from(key)).update(Buffer.concat([Buffer.from(head), bytes]))
    expect(seal.bodyHash(head, bytes)).toBe(tag.digest('hex').slice(0, 32))
  })

  it('earlierBodyHash() gives what journals from before hold', () => {
    // As builds before the HMAC wrote them.
    expect(seal.earlierBodyHash(head, bytes)).toBe('851f3c30ec9f730d8aca5aa0285edfb9')
    expect(seal.earlierBodyHash('', new Uint8Array(0))).toBe('700dacf0ac7a733dd9f4d08bf130c39b')
  })
})

describe('readKey()', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-key-'))
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
  const nothing = { key: null, keyFile: null }

  it('makes a key on the first start, for its owner only, and keeps to it', () => {
    const made = readKey({ ...nothing, dataDir: join(dataDir, 'new') })
    expect(made).toMatch(/^[0-9a-f]{64}$/)
    expect(statSync(join(dataDir, 'new', 'key')).mode & 0o777).toBe(0o600)
    expect(readKey({ ...nothing, dataDir: join(dataDir, 'new') })).toBe(made)
  })

  it('goes by the key that is set, then by the file that is set', () => {
    const keyFile = join(dataDir, 'set')
    writeFileSync(keyFile, `${KEY}\n`)
    expect(readKey({ key: 'b1'.repeat(32), keyFile, dataDir })).toBe('b1'.repeat(32))
    expect(readKey({ key: null, keyFile, dataDir })).toBe(KEY)
    expect(existsSync(join(dataDir, 'key'))).toBe(false)
  })

  it('makes no key in place of a set file that is missing, and takes none of another form', () => {
    const missing = join(dataDir, 'missing')
    expect(() => readKey({ key: null, keyFile: missing, dataDir })).toThrow()
    expect(existsSync(missing)).toBe(false)
    for (const content of ['', 'a1'.repeat(31), 'a1'.repeat(33), 'zz'.repeat(32)]) {
      writeFileSync(missing, content)
      expect(() => readKey({ key: null, keyFile: missing, dataDir })).toThrow('64 hexadecimal digits')
      expect(readFileSync(missing, 'utf8')).toBe(content)
    }
  })
})
