/**
 * Normalises names for comparison: widths and punctuation removed, spelling variants and synonyms unified.
 * The result is never shown; people always see the name from the table.
 */

/**
 * Characters that public tables encode in the private-use area: occlusion 𬌗 and a comma. Source:
 * docs/facts/codes.md, Faults of characters.
 */
const REPAIRS: readonly (readonly [string, string])[] = [
  ['\uE06B', '\u{2C317}'],
  ['\uE00F', ''],
]

/**
 * Synonyms in names of diseases and operations, longest first. They were found in the tuning half of the
 * public crosswalks and are general language, not fixes for single rows.
 */
const SAME_WORDS: readonly (readonly [string, string])[] = [
  ['不可归类在他处者', ''],
  ['不可归类在他处', ''],
  ['不能分类于他处', ''],
  ['未特指的', '未特指'],
  ['其他特指的', '其他'],
  ['并发于妊娠分娩和产褥期', '妊娠伴'],
  ['活组织检查', '活检'],
  ['核磁共振', '磁共振'],
  ['动态未定肿瘤', '交界性肿瘤'],
  ['先兆子痫', '子痫前期'],
  ['恶性肿瘤史', '恶性肿瘤个人史'],
  ['剖腹产', '剖宫产'],
  ['综合症', '综合征'],
  ['肝硬变', '肝硬化'],
  ['内窥镜', '内镜'],
  ['关节镜', '镜'],
  ['迟滞', '迟缓'],
  ['食道', '食管'],
  ['返流', '反流'],
  ['阻塞', '梗阻'],
  ['脂肪增多', '脂肪堆积'],
  ['粘', '黏'],
  ['苔癣', '苔藓'],
  ['錯', '错'],
  ['合畸形', '\u{2C317}畸形'],
  ['先天性', '先天'],
  ['类风湿性', '类风湿'],
  ['伴有', '伴'],
  ['合并', '伴'],
  ['并发', '伴'],
  ['术后', '后'],
  ['造影图', '造影'],
  ['切开复位', '开放复位'],
  ['置入', '植入'],
  ['清扫', '根治切除'],
  ['去除', '取出'],
  ['过敏', '变应'],
  ['呆小', '克汀'],
  ['肿瘤样', '瘤样'],
  ['围生', '围产'],
  ['毫克', 'mg'],
  ['毫升', 'ml'],
  ['三度', 'iii度'],
  ['二度', 'ii度'],
  ['一度', 'i度'],
]

/** A name in lower case without widths, blanks and punctuation, to test names for equality. */
export function plain(text: string): string {
  let repaired = text
  for (const [from, to] of REPAIRS) if (text.includes(from)) repaired = repaired.replaceAll(from, to)
  return repaired
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, '')
}

const SAME = new Map(SAME_WORDS)
const ANY_OF_THEM = new RegExp(SAME_WORDS.map(([word]) => word).join('|'), 'g')

/** A name with synonyms unified, to measure how similar two names are. */
export function comparable(text: string): string {
  return plain(text).replace(ANY_OF_THEM, (word) => SAME.get(word)!)
}

/** Distinct pairs of neighbouring characters. A name of one character is its own pair. */
export function pairsOf(name: string): Set<string> {
  const pairs = new Set<string>()
  for (let at = 0; at + 1 < name.length; at += 1) pairs.add(name.slice(at, at + 2))
  if (name.length === 1) pairs.add(name)
  return pairs
}
