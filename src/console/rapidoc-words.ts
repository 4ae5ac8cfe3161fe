/**
 * RapiDoc's own words in Chinese. It has no setting for its language (9.3.8), so they are changed in its script as it is
 * handed out; a test counts each, so that another version cannot fall back to English unnoticed.
 */

/** Texts between tags of its templates. */
const TEXTS: Readonly<Record<string, string>> = {
  TRY: '试用',
  'FILL EXAMPLE': '填入示例',
  CLEAR: '清空',
  'CLEAR RESPONSE': '清除应答',
  'REQUEST BODY': '请求体',
  RESPONSE: '应答',
  'RESPONSE HEADERS': '应答头',
  CURL: 'curl命令',
  EXAMPLE: '示例',
  SCHEMA: '字段说明',
  Copy: '复制',
  DOWNLOAD: '下载',
  'VIEW (NEW TAB)': '在新标签页查看',
  'Response Status:': '应答状态：',
  'API Server': '服务地址',
  'API Servers': '服务地址',
  Authentication: '调用方密钥',
  AUTHENTICATION: '调用方密钥',
  Authorization: '授权',
  'Authorization header': '授权请求头',
  Required: '设有调用方名单时须填',
  '(None Applied)': '（未填）',
  'Not Required': '不需要',
  'No API key applied': '未填密钥',
  'CLEAR ALL API KEYS': '清除全部密钥',
  REMOVE: '移除',
  Send: '发送',
  in: '于',
  header: '请求头',
  'containing the word': '，以此开头：',
  OR: '或',
  Requires: '需要',
  'SELECTED:': '已选：',
  OPERATIONS: '接口',
  SEARCH: '搜索',
  Search: '搜索',
  'Expand all': '全部展开',
  'Collapse all': '全部收起',
  'API Path': '地址',
  'API Description': '说明',
  'API Parameters': '参数',
  'Request Body Parameters': '请求体字段',
  'Response Description': '应答说明',
  'Constraints:': '约束：',
  'Default:': '默认：',
  'Pattern:': '格式：',
  'Examples:': '示例：',
  'Allowed:': '可取值：',
  'Min Items:': '至少行数：',
  'Max Items:': '至多行数：',
  Field: '字段',
  Type: '类型',
  Description: '说明',
  ARRAY: '数组',
  Header: '请求头',
  DEPRECATED: '已停用',
  deprecated: '已停用',
  'No example provided': '没有示例',
  'Schema not found': '没有字段说明',
  'schema undefined': '没有字段说明',
  'Unable to load the Spec': '无法读取接口描述',
  'An error occurred:': '出错：',
  'Download OpenAPI spec': '下载接口描述',
  'View OpenAPI spec (New Tab)': '查看接口描述（新标签页）',
}

/** Pieces of its code that hold a word, with what stands there instead. */
const PIECES: readonly (readonly [piece: string, instead: string])[] = [
  ['"CALLBACK REQUEST":"REQUEST"', '"回调请求":"请求"'],
  ['"CALLBACK RESPONSE":"RESPONSE"', '"回调应答":"应答"'],
  ['"PATH PARAMETERS"', '"地址参数"'],
  ['"QUERY-STRING PARAMETERS"', '"查询参数"'],
  ['"REQUEST HEADERS"', '"请求头"'],
  ['"Overview"', '"概述"'],
  ['"HTTP Basic":"HTTP Bearer"', '"HTTP Basic":"Bearer密钥"'],
  ['`API Key (', '`密钥 ('],
  ['securityTypes:"None"', 'securityTypes:"不填"'],
  ['> Took ', '> 用时 '],
  [' milliseconds </div>', ' 毫秒 </div>'],
  ['innerText="Copied"', 'innerText="已复制"'],
  ['innerText="Copy"', 'innerText="复制"'],
  ["placeholder = 'Filter'", "placeholder = '筛选'"],
  ['placeholder = "Filter"', 'placeholder = "筛选"'],
  ['placeholder="Filter"', 'placeholder="筛选"'],
  ['placeholder="search text..."', 'placeholder="要搜索的文字"'],
  ['placeholder = "api-token"', 'placeholder = "密钥"'],
  ['title="Fills with example data (if provided)"', 'title="填入示例内容"'],
  ["title='Collapse all'", "title='全部收起'"],
  ["title='Expand all'", "title='全部展开'"],
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: pieces of RapiDoc's templates
  ['J`Send <code>${e.name}</code> in <code>${e.in}</code>`', 'J`以请求头<code>${e.name}</code>发送`'],
  [
    'J`Send <code>Authorization</code> in <code>header</code> containing the word <code>Bearer</code> followed by a space and a Token String.`',
    'J`以请求头发送：<code>Authorization: Bearer 密钥</code>`',
  ],
  ['?"UPDATE":"SET"', '?"更新":"填入"'],
  ['${e.minLength} to ${e.maxLength} chars', '${e.minLength}至${e.maxLength}个字符'],
  ['Min ${e.minLength} chars', '至少${e.minLength}个字符'],
  ['`Max ${r?"┃":""}${e.maxLength} chars`', '`${r?"┃":""}至多${e.maxLength}个字符`'],
  ['`Min ${e.minimum}`', '`最小${e.minimum}`'],
  ['`More than ${e.exclusiveMinimum}`', '`大于${e.exclusiveMinimum}`'],
  ['Max ${e.maximum}`', '最大${e.maximum}`'],
  ['Less than ${e.exclusiveMaximum}`', '小于${e.exclusiveMaximum}`'],
  [' multiple of ${e.multipleOf}`', '${e.multipleOf}的倍数`'],
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: pieces of RapiDoc's templates
]

const escaped = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
const INSTEAD = new Map(PIECES)
const PIECE = new RegExp(PIECES.map(([piece]) => escaped(piece)).join('|'), 'g')

/** A text between tags: after `>` and before the next tag or value. */
const BETWEEN = />(\s*)([A-Za-z(][A-Za-z ().:]{0,40}?)(?=\s*(?:<|\$\{))/g

/** Words that the script does not hold, for the test that watches over a new version. */
export function missingWords(script: string): readonly string[] {
  const texts = new Set([...script.matchAll(BETWEEN)].map(([, , word]) => word))
  return [
    ...Object.keys(TEXTS).filter((word) => !texts.has(word)),
    ...PIECES.map(([piece]) => piece).filter((piece) => !script.includes(piece)),
  ]
}

/** RapiDoc's script with its words in Chinese: twice over all of it, some ten milliseconds each. */
export function inChinese(script: string): string {
  return script
    .replaceAll(PIECE, (piece) => INSTEAD.get(piece) ?? piece)
    .replaceAll(BETWEEN, (whole: string, blanks: string, word: string) =>
      Object.hasOwn(TEXTS, word) ? `>${blanks}${TEXTS[word]}` : whole,
    )
}
