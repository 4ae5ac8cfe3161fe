/** An imported edition waits for its review unless two different persons, both named, publish it at once. */
import { describe, expect, it } from 'vitest'
import { tableOptions } from '../../../src/codes/import/options.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'

const { codebooks } = await loadRegistry()
const ask = (...args: string[]) =>
  tableOptions(['a.csv', '--standard', 'diagnosis', '--edition', '2', '--effective', '2025-01-01', ...args], {
    codebooks,
    person: '机器用户',
  }).edition

describe('an import', () => {
  it('begins as maintained, by whoever is named or works at the machine', () => {
    expect(ask()).toMatchObject({ state: 'maintained', maker: '机器用户' })
    expect(ask('--by', ' 张三 ')).toMatchObject({ state: 'maintained', maker: '张三' })
    expect(ask()).not.toHaveProperty('checker')
  })

  it('is published at once only by two persons, both named', () => {
    expect(ask('--by', '张三', '--publish', '--checked-by', '李四')).toMatchObject({
      ...{ state: 'published', maker: '张三', checker: '李四' },
    })
    expect(() => ask('--by', '张三', '--publish', '--checked-by', '张 三')).toThrow('须为两人')
    expect(() => ask('--by', '张三', '--publish')).toThrow('缺少--checked-by')
    expect(() => ask('--publish', '--checked-by', '李四')).toThrow('缺少--by')
    expect(() => ask('--by', '张三', '--checked-by', '李四')).toThrow('只与--publish一起使用')
  })
})
