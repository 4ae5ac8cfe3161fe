/** The first page: what this is, and where to go. Chinese first, English below. */

interface Link {
  readonly href: string
  readonly zh: string
  readonly en: string
}

const LINKS: readonly Link[] = [
  { href: '/docs', zh: '接口文档与试用', en: 'Read and try the interface' },
  { href: '/openapi.json', zh: '接口描述（OpenAPI 3.1）', en: 'OpenAPI 3.1 document' },
  { href: '/ready', zh: '是否就绪', en: 'Readiness' },
  { href: '/v1/open-cases', zh: '结果未知的交易', en: 'Requests with an unknown outcome' },
  { href: '/v1/destinations', zh: '各目的地状态', en: 'State of the destinations' },
  { href: '/problems', zh: '错误类型一览', en: 'Table of problems' },
  {
    href: '/v1/reports/settlement-rate?area=620000&from=2025-01&to=2025-12',
    zh: '住院费用直接结算率（示例：甘肃，2025年）',
    en: 'Direct settlement rate (example)',
  },
]

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2b26; --soft: #5b6b65; --line: #d7dedb; --main: #0b6e4f; --page: #fff }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ece9; --soft: #a3b1ab; --line: #34423c; --main: #5cc9a2; --page: #131a17 }
}
body { margin: 0 auto; max-width: 44rem; padding: 3rem 1.25rem; background: var(--page); color: var(--ink);
  font: 1rem/1.7 system-ui, 'PingFang SC', 'Microsoft YaHei', sans-serif }
h1 { margin: 0; font-size: 2rem; font-weight: 600 }
h1 small { margin-left: .5rem; color: var(--soft); font-size: 1rem; font-weight: 400 }
ul { margin: 2rem 0; padding: 0; list-style: none; border-top: 1px solid var(--line) }
li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; padding: .6rem 0;
  border-bottom: 1px solid var(--line) }
a { color: var(--main); text-decoration: none }
a:hover, a:focus-visible { text-decoration: underline }
[lang=en] { color: var(--soft); font-size: .9rem }
`

function row({ href, zh, en }: Link): string {
  return `<li><a href="${href.replaceAll('&', '&amp;')}">${zh}</a><span lang="en">${en}</span></li>`
}

/** `GET /`. */
export const LANDING_PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>直结 · 异地就医直接结算网关</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>直结<small lang="en">Zhijie</small></h1>
<p>异地就医直接结算网关：医院系统经由它与省平台、国家平台结算，参保人在窗口只付个人应付的部分。
目录按就医地，待遇按参保地；网关不计算待遇，也不代替任何一方应答。</p>
<ul>
${LINKS.map(row).join('\n')}
</ul>
<p lang="en">The gateway between hospital systems and the provincial and national platforms for cross-regional direct
settlement of medical insurance. Hospitals speak the national wire or plain REST; nothing is answered before its
outcome is durable, and an unknown outcome stays unknown until there is evidence.</p>
</main>
</body>
</html>
`
